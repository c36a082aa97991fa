package dev.prefork.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.Message;
import dev.prefork.ipc.Receipt;
import dev.prefork.loop.EventLoop;
import dev.prefork.posix.Fd;
import dev.prefork.wire.ClusterLink.Asked;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A link with a loop of its own, and what its peer was told, in order. Closing it disconnects and
 * waits for the end, which needs the other end where a handle is under way.
 */
public final class LinkEnd {
    /** What a peer can be told. */
    sealed interface Event {}

    record Said(Act act, Asked asked, Optional<Fd> handle) implements Event {}

    record Received(Message message) implements Event {}

    record Failed(Exception problem) implements Event {}

    record Disconnected() implements Event {}

    private static final int DEADLINE_SECONDS = 20;

    private final EventLoop loop;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ClusterLink link;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final List<Throwable> faults = new CopyOnWriteArrayList<>();

    /** Owns the socket. Receipts are given at once. */
    public LinkEnd(Fd socket) throws Exception {
        this.loop = EventLoop.open(faults::add);
        Thread.ofPlatform().name("test-loop").start(loop);
        AtomicReference<ClusterLink> opened = new AtomicReference<>();
        onLoop(() -> opened.set(ClusterLink.open(loop, socket, new Peer())));
        this.link = opened.get();
    }

    public EventLoop loop() {
        return loop;
    }

    public ClusterLink link() {
        return link;
    }

    /** What may throw. */
    public interface Task {
        void run() throws Exception;
    }

    /** Runs it on the loop's thread, after all that was handed in before. */
    public void onLoop(Task task) throws Exception {
        CompletableFuture.runAsync(
                        () -> {
                            try {
                                task.run();
                            } catch (Exception e) {
                                throw new IllegalStateException(e);
                            }
                        },
                        loop)
                .get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    /** The next thing that the peer was told, which must be of this type. */
    <E extends Event> E await(Class<E> type) throws InterruptedException {
        Event event = events.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
        assertThat(event).as("then %s; faults %s", events, faults).isInstanceOf(type);
        return type.cast(event);
    }

    /** The next thing that the peer was told, which must be a message. */
    public Object awaitMessage() throws InterruptedException {
        return await(Received.class).message().value();
    }

    /** The next thing that the peer was told, which must be an act. */
    public Act awaitAct() throws InterruptedException {
        return await(Said.class).act();
    }

    public void close() throws InterruptedException {
        link.channel().disconnect();
        assertThat(closed.await(DEADLINE_SECONDS, TimeUnit.SECONDS)).as("closed").isTrue();
        loop.close();
        assertThat(faults).isEmpty();
    }

    private final class Peer implements ClusterLink.Peer {
        @Override
        public void message(Message message, Receipt receipt) {
            events.add(new Received(message));
            receipt.done();
        }

        @Override
        public void act(Act act, Asked asked, Optional<Fd> handle, Receipt receipt) {
            events.add(new Said(act, asked, handle));
            receipt.done();
        }

        @Override
        public void error(Exception problem) {
            events.add(new Failed(problem));
        }

        @Override
        public void disconnected() {
            events.add(new Disconnected());
            closed.countDown();
        }
    }
}
