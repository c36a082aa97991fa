package dev.prefork.ipc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.prefork.json.JsonText;
import dev.prefork.loop.EventLoop;
import dev.prefork.posix.Fd;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One end of a channel with a loop of its own, and what it was told, in order. Every wait has a
 * deadline. Closing it disconnects and waits for the end, which needs the other end.
 */
final class End implements AutoCloseable {
    /** What a listener can be told. */
    sealed interface Event {}

    record Received(Object value, Optional<Handle> handle) implements Event {}

    record Framed(Frame frame, Optional<Fd> handle) implements Event {}

    record Failed(Exception problem) implements Event {}

    record Disconnected() implements Event {}

    /** What the application does with a message, on the loop's thread. */
    @FunctionalInterface
    interface Application {
        void message(Object value) throws Exception;
    }

    static final int DEADLINE_SECONDS = 20;

    private final EventLoop loop;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final List<Throwable> faults = new CopyOnWriteArrayList<>(); // the loop's
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Channel channel;
    private volatile Application application = value -> {};
    private volatile CountDownLatch mayParse = new CountDownLatch(0);
    private volatile Consumer<Receipt> receipts = Receipt::done;

    End(Fd socket) throws Exception {
        this.loop = EventLoop.open(faults::add);
        Thread.ofPlatform().name("test-loop").start(loop);
        this.channel =
                CompletableFuture.supplyAsync(
                                () -> {
                                    try {
                                        return Channel.open(
                                                loop, socket, new Listener(), this::parse);
                                    } catch (Exception e) {
                                        throw new IllegalStateException(e);
                                    }
                                },
                                loop)
                        .get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    /** On a thread of its own, once it may. */
    private void parse(Runnable task) {
        Thread.ofPlatform()
                .daemon()
                .name("test-parser")
                .start(
                        () -> {
                            try {
                                mayParse.await();
                                task.run();
                            } catch (InterruptedException e) {
                                faults.add(e);
                            }
                        });
    }

    /** Long messages are not read before the count is zero. */
    void beforeParsing(CountDownLatch latch) {
        this.mayParse = latch;
    }

    Channel channel() {
        return channel;
    }

    EventLoop loop() {
        return loop;
    }

    void application(Application application) {
        this.application = application;
    }

    /** What is done with receipts, on the loop's thread; at first each is done at once. */
    void receipts(Consumer<Receipt> receipts) {
        this.receipts = receipts;
    }

    boolean send(Object message) {
        return channel.send(message, null, Delivery.IGNORED);
    }

    boolean send(Object message, Fd handle) {
        return channel.send(message, new Handle(Handle.NET_NATIVE, handle), Delivery.IGNORED);
    }

    /** Sends, and tells what became of it. */
    CompletableFuture<Optional<Exception>> deliver(Object message, Handle handle) {
        CompletableFuture<Optional<Exception>> outcome = new CompletableFuture<>();
        channel.send(
                message,
                handle,
                failure -> assertThat(outcome.complete(failure)).as("told once").isTrue());
        return outcome;
    }

    /** The next thing that this end was told, which must be of this type. */
    <E extends Event> E await(Class<E> type) throws InterruptedException {
        Event event = events.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
        if (!type.isInstance(event)) {
            fail("%s instead of %s; then %s; faults %s", event, type, events, faults);
        }
        return type.cast(event);
    }

    /** The next thing, which must be a message without a handle. */
    Object awaitMessage() throws InterruptedException {
        Received received = await(Received.class);
        assertThat(received.handle()).isEmpty();
        return received.value();
    }

    /** The next thing, which must be this message with a handle. */
    Fd awaitHandle(Object message) throws InterruptedException {
        Received received = await(Received.class);
        assertThat(received.value()).isEqualTo(message);
        return received.handle().orElseThrow().fd();
    }

    void awaitDisconnected() throws InterruptedException {
        await(Disconnected.class);
    }

    /** What the loop was told of; forgotten, so that it does not fail the test. */
    List<Throwable> takeFaults() {
        List<Throwable> taken = List.copyOf(faults);
        faults.clear();
        return taken;
    }

    int news() {
        return events.size();
    }

    boolean hasNews() {
        return !events.isEmpty();
    }

    /** Runs it on the loop's thread, after all that was handed in before. */
    void onLoop(Runnable task) throws Exception {
        CompletableFuture.runAsync(task, loop).get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        channel.disconnect();
        try {
            assertThat(closed.await(DEADLINE_SECONDS, TimeUnit.SECONDS))
                    .as("the channel is closed")
                    .isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        } finally {
            loop.close();
        }
        assertThat(faults).isEmpty();
    }

    private final class Listener implements ChannelListener {
        @Override
        public void message(JsonText content, Optional<Handle> handle, Receipt receipt)
                throws Exception {
            events.add(new Received(content.value(), handle));
            receipts.accept(receipt);
            application.message(content.value());
        }

        @Override
        public void frame(Frame frame, Optional<Fd> handle, Receipt receipt) throws Exception {
            events.add(new Framed(frame, handle));
            receipts.accept(receipt);
            application.message(frame.fields());
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
