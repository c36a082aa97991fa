package dev.prefork.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.prefork.Message;
import dev.prefork.ipc.Receipt;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.stream.IntStream;

/** SPEC C5. */
class InboxTest {
    private static final int MEBIBYTE = 1 << 20;

    /** The event thread's turn is the test's. */
    private final Queue<Runnable> tasks = new ArrayDeque<>();

    private final List<Object> told = new ArrayList<>();
    private final Logged logged = Logged.by(Inbox.class);
    private boolean listens;
    private final Inbox inbox =
            new Inbox("worker 1", tasks::add, _ -> listens, message -> told.add(message.value()));

    @AfterEach
    void close() {
        logged.close();
    }

    @Test
    void givenMessagesBeforeTheFirstListener_whenItComes_thenItHasThemInTheirOrder() {
        deliver(1, 10);
        deliver(2, 10);

        listenerComes();
        deliver(3, 10);
        runTasks();

        assertThat(told).containsExactly(1, 2, 3);
    }

    @Test
    void givenNoListener_whenAMessageComes_thenItsReceiptIsDoneAtOnce() {
        Taken receipt = deliver(1, 10);

        assertThat(receipt.isDone()).isTrue();
        assertThat(told).isEmpty();
    }

    @Test
    void givenAListener_whenAMessageComes_thenItsReceiptIsDoneAfterIt() {
        Taken receipt = new Taken(10);
        List<Boolean> doneInListener = new ArrayList<>();
        Inbox hears =
                new Inbox(
                        "worker 1",
                        tasks::add,
                        _ -> true,
                        message -> doneInListener.add(receipt.isDone()));

        hears.deliver(message(1), receipt);

        assertThat(doneInListener).containsExactly(false);
        assertThat(receipt.isDone()).isTrue();
    }

    @Test
    void givenAListenerThatThrows_whenAMessageComes_thenItsReceiptIsDoneAllTheSame() {
        Taken receipt = new Taken(10);
        Inbox fails =
                new Inbox(
                        "worker 1",
                        tasks::add,
                        _ -> true,
                        message -> {
                            throw new IllegalStateException("a listener's");
                        });

        assertThatIllegalStateException().isThrownBy(() -> fails.deliver(message(1), receipt));

        assertThat(receipt.isDone()).isTrue();
    }

    @Test
    void givenMoreMessagesThanAreKept_whenTheListenerComes_thenItHasTheNewest() {
        int tooMany = Inbox.MAX_MESSAGES + 3;

        IntStream.range(0, tooMany).forEach(number -> deliver(number, 1));
        listenerComes();
        runTasks();

        assertThat(told).isEqualTo(IntStream.range(3, tooMany).boxed().toList());
        assertThat(logged.records()).hasSize(1);
    }

    @Test
    void givenMoreBytesThanAreKept_whenTheListenerComes_thenItHasTheNewest() {
        IntStream.range(0, 6).forEach(number -> deliver(number, MEBIBYTE));

        listenerComes();
        runTasks();

        assertThat(told).containsExactly(2, 3, 4, 5);
        assertThat(logged.records()).hasSize(1);
    }

    @Test
    void givenAMessageLargerThanAllThatIsKept_whenItComes_thenItIsKeptAlone() {
        deliver("small", 10);
        deliver("large", Inbox.MAX_BYTES + 1);

        listenerComes();
        runTasks();

        assertThat(told).containsExactly("large");
    }

    @Test
    void givenALargeMessageThatWaits_whenASmallOneComes_thenTheLargeOneGoes() {
        deliver("large", Inbox.MAX_BYTES + 1);
        deliver("small", 10);

        listenerComes();
        runTasks();

        assertThat(told).containsExactly("small");
    }

    @Test
    void givenWhatWasToldAlready_whenMoreComes_thenItCountsNoMore() {
        deliver("first", Inbox.MAX_BYTES);
        listenerComes();
        runTasks();
        listens = false;

        deliver("second", Inbox.MAX_BYTES);
        listenerComes();
        runTasks();

        assertThat(told).containsExactly("first", "second");
        assertThat(logged.records()).isEmpty();
    }

    @Test
    void givenAMessageWithASocket_whenItIsDropped_thenTheSocketIsClosed() throws Exception {
        SocketChannel socket = SocketChannel.open();
        inbox.deliver(new Message("with socket", Optional.of(socket)), new Taken(10));

        deliver("large", Inbox.MAX_BYTES);

        assertThat(socket.isOpen()).isFalse();
    }

    /** Each is a descriptor of a process that serves others as well. */
    @Test
    void givenMoreHandlesThanAreKept_whenTheListenerComes_thenTheOldestAreClosed()
            throws Exception {
        List<SocketChannel> sockets = new ArrayList<>();
        for (int i = 0; i < Inbox.MAX_HANDLES + 2; i++) {
            SocketChannel socket = SocketChannel.open();
            sockets.add(socket);
            inbox.deliver(new Message(i, Optional.of(socket)), new Taken(1));
        }
        deliver("without", 1);

        assertThat(sockets.stream().filter(SocketChannel::isOpen))
                .containsExactlyElementsOf(sockets.subList(2, sockets.size()));
        listenerComes();
        runTasks();
        assertThat(told).hasSize(Inbox.MAX_HANDLES + 1).startsWith(2).endsWith("without");
        for (SocketChannel socket : sockets) {
            socket.close();
        }
    }

    @Test
    void givenAListenerThatLeavesAtItsFirstMessage_whenMoreWait_thenTheyWaitOn() {
        Inbox once =
                new Inbox(
                        "worker 1",
                        tasks::add,
                        _ -> listens,
                        message -> {
                            told.add(message.value());
                            listens = false;
                        });
        once.deliver(message(1), new Taken(10));
        once.deliver(message(2), new Taken(10));

        listens = true;
        once.listenerAdded();
        runTasks();

        assertThat(told).containsExactly(1);
    }

    /** Its turn to hear of it comes later. */
    private void listenerComes() {
        listens = true;
        inbox.listenerAdded();
    }

    private void runTasks() {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }

    private Taken deliver(Object value, int bytes) {
        Taken receipt = new Taken(bytes);
        inbox.deliver(message(value), receipt);
        return receipt;
    }

    private static Message message(Object value) {
        return new Message(value, Optional.empty());
    }

    static final class Taken implements Receipt {
        private final int bytes;
        private boolean done;

        Taken(int bytes) {
            this.bytes = bytes;
        }

        @Override
        public void done() {
            done = true;
        }

        boolean isDone() {
            return done;
        }

        @Override
        public int bytes() {
            return bytes;
        }
    }
}
