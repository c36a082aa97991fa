package dev.prefork.listen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.Message;
import dev.prefork.ipc.Receipt;
import dev.prefork.loop.EventLoop;
import dev.prefork.posix.Fd;
import dev.prefork.wire.Accepted;
import dev.prefork.wire.Act;
import dev.prefork.wire.Close;
import dev.prefork.wire.ClusterLink;
import dev.prefork.wire.ClusterLink.Asked;
import dev.prefork.wire.Grant;
import dev.prefork.wire.NewConnection;
import dev.prefork.wire.QueryServer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * A worker without a process: the far end of a channel, on a loop of its own. It asks to listen,
 * takes connections by either lane, or refuses them, or keeps them waiting, or reads nothing.
 */
final class FakeWorker implements AutoCloseable {
    static final int DEADLINE_SECONDS = 10;

    /** What it does with a connection that it is handed. */
    enum Manner {
        TAKES,
        REFUSES,
        /** Has it, and says nothing. */
        HOLDS
    }

    private final EventLoop loop;
    private final ClusterLink link;
    private final Thread thread;
    private final BlockingQueue<Arrival> arrivals;
    private final Map<String, HandoffEnd> handoffs = new HashMap<>();
    private final List<HandoffEnd> closing = new ArrayList<>();
    private final CompletableFuture<Void> disconnected = new CompletableFuture<>();
    private final CompletableFuture<Void> toldToLeave = new CompletableFuture<>();
    private volatile Manner manner = Manner.TAKES;
    private volatile CountDownLatch stalled = new CountDownLatch(0);

    /**
     * @param socket its end of the channel
     * @param arrivals told of each connection, whatever is done with it
     */
    FakeWorker(Fd socket, BlockingQueue<Arrival> arrivals) throws Exception {
        this.arrivals = arrivals;
        this.loop = EventLoop.open(Throwable::printStackTrace);
        this.thread = Thread.ofPlatform().name("fake-worker").daemon().start(loop);
        this.link =
                onLoop(
                        () -> {
                            try {
                                return ClusterLink.open(loop, socket, new Ears());
                            } catch (Exception e) {
                                throw new IllegalStateException(e);
                            }
                        });
    }

    /** What came back to a question to listen; the handle is closed or polled by the worker. */
    CompletableFuture<Grant> ask(QueryServer query) {
        CompletableFuture<Grant> answered = new CompletableFuture<>();
        var _ = disconnected.thenRun(() -> answered.cancel(false));
        loop.execute(
                () ->
                        link.ask(
                                query,
                                (grant, handle) -> {
                                    handle.ifPresent(fd -> keep(grant, fd));
                                    answered.complete(grant);
                                }));
        return answered;
    }

    private void keep(Grant grant, Fd handle) {
        if (grant.way() == Grant.Way.HANDOFF || grant.way() == Grant.Way.STEERED) {
            try {
                handoffs.put(grant.key(), new HandoffEnd(loop, handle, this::arrived));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        } else {
            handle.close();
        }
    }

    /** Asks and waits. */
    Grant listen(QueryServer query) throws Exception {
        return ask(query).get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    /** Empty when the channel was closed instead. */
    Optional<Grant> tryToListen(QueryServer query) throws Exception {
        CompletableFuture<Grant> answer = ask(query);
        try {
            return Optional.of(answer.get(DEADLINE_SECONDS, TimeUnit.SECONDS));
        } catch (CancellationException channelClosed) {
            return Optional.empty();
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("no answer to " + query, e);
        }
    }

    /** Asks, and must be granted it. */
    Grant mustListen(QueryServer query) throws Exception {
        Grant grant = listen(query);
        assertThat(grant.errno()).as("errno").isZero();
        return grant;
    }

    /** What it {@link Manner#HOLDS} it can still answer. */
    void closeServer(String key) {
        closeServer(new Close(key));
    }

    /** As a JVM that ends closes its servers. */
    void closeServerAtItsEnd(String key) {
        closeServer(new Close(key, true));
    }

    private void closeServer(Close close) {
        loop.execute(
                () -> {
                    HandoffEnd end = handoffs.remove(close.key());
                    if (end != null && manner == Manner.HOLDS) {
                        closing.add(end);
                    } else if (end != null) {
                        end.close();
                    }
                    link.tell(close);
                });
    }

    /** Says the same many times on each handoff. */
    void sayOnHandoffs(byte packet, int times) throws Exception {
        onLoop(
                () -> {
                    for (int i = 0; i < times; i++) {
                        handoffs.values().forEach(end -> end.say(packet));
                    }
                    return null;
                });
    }

    /** Says on each handoff that so many connections are closed. */
    void sayClosed(int count) throws Exception {
        onLoop(
                () -> {
                    handoffs.values().forEach(end -> end.sayClosed(count));
                    return null;
                });
    }

    /** From now on it can answer on no handoff. */
    void endHandoffs() throws Exception {
        onLoop(
                () -> {
                    handoffs.values().forEach(HandoffEnd::end);
                    return null;
                });
    }

    FakeWorker manner(Manner wanted) {
        this.manner = wanted;
        return this;
    }

    /** Reads nothing, neither channel nor handoff, until {@link #resume}. */
    void stall() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch until = new CountDownLatch(1);
        stalled = until;
        loop.execute(
                () -> {
                    begun.countDown();
                    try {
                        until.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
        assertThat(begun.await(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    void resume() {
        stalled.countDown();
    }

    /** Closes its channel and all it has, as the kernel does for a process that ends. */
    void die() throws Exception {
        link.channel().disconnect();
        disconnected.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        onLoop(
                () -> {
                    handoffs.values().forEach(HandoffEnd::close);
                    handoffs.clear();
                    closing.forEach(HandoffEnd::close);
                    closing.clear();
                    return null;
                });
    }

    boolean isDisconnected() {
        return disconnected.isDone();
    }

    /** Done when the primary has told it to disconnect. */
    CompletableFuture<Void> toldToLeave() {
        return toldToLeave;
    }

    ClusterLink link() {
        return link;
    }

    <T> T onLoop(Supplier<T> task) throws Exception {
        return CompletableFuture.supplyAsync(task, loop).get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    private Manner arrived(Arrival.Reply reply, Fd connection) {
        Manner now = manner;
        arrivals.add(
                new Arrival(
                        this, connection, now, answer -> loop.execute(() -> reply.say(answer))));
        return now;
    }

    private final class Ears implements ClusterLink.Peer {
        @Override
        public void message(Message message, Receipt receipt) {
            receipt.done();
        }

        @Override
        public void act(Act act, Asked asked, Optional<Fd> handle, Receipt receipt) {
            receipt.done();
            if (act instanceof NewConnection) {
                Arrival.Reply reply = took -> link.answer(asked, new Accepted(took));
                switch (arrived(reply, handle.orElseThrow())) {
                    case TAKES -> reply.say(true);
                    case REFUSES -> reply.say(false);
                    case HOLDS -> {
                        // The test says it.
                    }
                }
            } else if (act == Act.Simple.DISCONNECT) {
                toldToLeave.complete(null);
            }
        }

        @Override
        public void error(Exception problem) {
            // Its channel's end tells the same.
        }

        @Override
        public void disconnected() {
            disconnected.complete(null);
        }
    }

    @Override
    public void close() {
        resume();
        try {
            die();
            loop.close();
            thread.join();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
