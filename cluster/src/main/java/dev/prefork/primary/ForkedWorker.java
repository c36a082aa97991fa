package dev.prefork.primary;

import dev.prefork.Exit;
import dev.prefork.ListenRefusal;
import dev.prefork.ListeningAddress;
import dev.prefork.Subscription;
import dev.prefork.Worker;
import dev.prefork.WorkerProcess;
import dev.prefork.WorkerStats;
import dev.prefork.events.Conversation;
import dev.prefork.events.ConversingWorker;
import dev.prefork.ipc.Channel;
import dev.prefork.launch.Launched;
import dev.prefork.posix.Signal;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A worker as the application in the primary sees it: what happens to it is in {@link
 * WorkerEvents}, and what it can be made to do is done by its {@link Peer}.
 */
final class ForkedWorker extends ConversingWorker {
    /** What a worker can be made to do. For any thread. */
    interface Controls {
        void disconnect();

        /** Tells it that it is the leader. */
        void lead();

        List<WorkerStats.Connections> connections();

        boolean kill(Signal signal);
    }

    private static final String NO_LISTENER = "listener is null";

    private final int id;
    private final OptionalInt slot;
    private final ForkedProcess process;
    private final Channel channel;
    private final Controls controls;
    private final Workers workers;
    private final WorkerEvents events;
    private volatile boolean channelClosedHere;

    ForkedWorker(
            int id,
            OptionalInt slot,
            Launched launched,
            Channel channel,
            Controls controls,
            Workers workers,
            ClusterEvents events) {
        this.id = id;
        this.slot = slot;
        this.process = new ForkedProcess(this, launched.child().pid(), launched.pipes());
        this.channel = channel;
        this.controls = controls;
        this.workers = workers;
        this.events = new WorkerEvents(this, channel, workers, events);
    }

    WorkerEvents events() {
        return events;
    }

    @Override
    protected Conversation conversation() {
        return events.conversation();
    }

    @Override
    public int id() {
        return id;
    }

    @Override
    public OptionalInt slot() {
        return slot;
    }

    @Override
    public WorkerProcess process() {
        return process;
    }

    @Override
    public WorkerStats stats() {
        return new WorkerStats(
                conversation().received(), conversation().sent(), controls.connections());
    }

    // Events.

    @Override
    public Subscription onOnline(Runnable listener) {
        Objects.requireNonNull(listener, NO_LISTENER);
        return events.online().add(worker -> listener.run());
    }

    @Override
    public Subscription onListening(Consumer<ListeningAddress> listener) {
        return events.listening().add(listener);
    }

    @Override
    public Subscription onClosed(Consumer<ListeningAddress> listener) {
        return events.closed().add(listener);
    }

    @Override
    public Subscription onListenRefused(Consumer<ListenRefusal> listener) {
        return events.refused().add(listener);
    }

    @Override
    public Subscription onLeader(Runnable listener) {
        Objects.requireNonNull(listener, NO_LISTENER);
        return events.leader().add(worker -> listener.run());
    }

    @Override
    public boolean isLeader() {
        return events.leader().hasHappened() && !isDead();
    }

    /** It is told first: that it leads is true here when it is true there, or will be. */
    void leads() {
        controls.lead();
        events.leader().fire(this);
    }

    @Override
    public Subscription onDisconnect(Runnable listener) {
        Objects.requireNonNull(listener, NO_LISTENER);
        return events.disconnect().add(worker -> listener.run());
    }

    @Override
    public Subscription onExit(Consumer<Exit> listener) {
        return events.exit().add(listener);
    }

    @Override
    public CompletableFuture<Worker> online() {
        return events.online().future();
    }

    @Override
    public CompletableFuture<Worker> disconnected() {
        return events.disconnect().future();
    }

    @Override
    public CompletableFuture<Exit> exited() {
        return events.exit().future();
    }

    // The end.

    @Override
    public Worker disconnect() {
        events.leavesVoluntarily();
        workers.isToldToDisconnect(this);
        controls.disconnect();
        return this;
    }

    @Override
    public void kill(String signal) {
        Signal wanted = Signal.named(signal);
        if (isConnected()) {
            onDisconnect(() -> signal(wanted));
            disconnect();
        } else {
            signal(wanted);
        }
    }

    boolean signal(Signal signal) {
        return controls.kill(signal);
    }

    /** Without the graceful part. */
    void closeChannel() {
        if (isConnected()) {
            channelClosedHere = true;
            channel.disconnect();
        } else {
            conversation().error(new IllegalStateException("the channel is closed already"));
        }
    }

    /** Whoever may still have the other end, such as what a worker has started. */
    void abortChannel() {
        channel.abort();
    }

    @Override
    public boolean isConnected() {
        return !channelClosedHere && !events.disconnect().hasHappened();
    }

    @Override
    public boolean isDead() {
        return events.howItEnded().isPresent();
    }

    @Override
    public Optional<Boolean> exitedAfterDisconnect() {
        return events.exitedAfterDisconnect();
    }

    @Override
    public String toString() {
        return "worker " + id + " (pid " + process.pid() + ")";
    }
}
