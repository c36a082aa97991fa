package dev.prefork.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.Message;
import dev.prefork.ipc.Receipt;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Messages that nobody listens to. SPEC C5. */
class InboxTest {
    private final List<Object> heard = new ArrayList<>();
    private boolean hasListener;
    private int done;

    /** The test's own thread is the event thread. */
    private final Inbox inbox =
            new Inbox(
                    "worker 1",
                    Runnable::run,
                    () -> hasListener,
                    message -> heard.add(message.value()));

    private final class Counted implements Receipt {
        private final int bytes;

        Counted(int bytes) {
            this.bytes = bytes;
        }

        @Override
        public void done() {
            done++;
        }

        @Override
        public int bytes() {
            return bytes;
        }
    }

    private void deliver(Object value, int bytes) {
        inbox.deliver(new Message(value, Optional.empty()), new Counted(bytes));
    }

    private void listen() {
        hasListener = true;
        inbox.listenerAdded();
    }

    @Test
    void givenFewMessages_whenTheFirstListenerComes_thenItHearsThemInOrderAndThenTheOthers() {
        deliver("a", 1);
        deliver("b", 1);

        listen();
        deliver("c", 1);

        assertThat(heard).containsExactly("a", "b", "c");
    }

    @Test
    void givenMoreThan1000Messages_whenTheFirstListenerComes_thenItHearsTheNewest() {
        IntStream.range(0, Inbox.MAX_MESSAGES + 5).forEach(number -> deliver(number, 1));

        listen();

        assertThat(heard).hasSize(Inbox.MAX_MESSAGES).startsWith(5).endsWith(1004);
    }

    @Test
    void givenMoreThan4MiB_whenTheFirstListenerComes_thenItHearsTheNewestThatFit() {
        IntStream.range(0, 10).forEach(number -> deliver(number, 1 << 20));

        listen();

        assertThat(heard).containsExactly(6, 7, 8, 9);
    }

    @Test
    void givenOneMessageOfMoreThan4MiB_whenTheFirstListenerComes_thenItHearsIt() {
        deliver("small", 1);
        deliver("large", Inbox.MAX_BYTES + 1);

        listen();

        assertThat(heard).containsExactly("large");
    }

    /** Else what the runtime says behind them would wait for a listener that never comes. */
    @Test
    void givenNoListener_whenMessagesCome_thenEachIsDoneForTheChannelAtOnce() {
        deliver("a", 1);
        deliver("b", 1);

        assertThat(done).isEqualTo(2);
    }

    @Test
    void givenAHandleWithAMessage_whenItIsDropped_thenItsHandleIsClosed() throws IOException {
        try (SocketChannel handle = SocketChannel.open()) {
            inbox.deliver(new Message("with a handle", Optional.of(handle)), new Counted(1));

            IntStream.range(0, Inbox.MAX_MESSAGES).forEach(number -> deliver(number, 1));

            assertThat(handle.isOpen()).isFalse();
        }
    }
}
