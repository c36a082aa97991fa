package dev.prefork.worker;

import dev.prefork.Exit;
import dev.prefork.ListenRefusal;
import dev.prefork.ListeningAddress;
import dev.prefork.Message;
import dev.prefork.Subscription;
import dev.prefork.Worker;
import dev.prefork.WorkerProcess;
import dev.prefork.WorkerStats;
import dev.prefork.events.Conversation;
import dev.prefork.events.Conversation.Audience;
import dev.prefork.events.ConversingWorker;
import dev.prefork.events.EventThread;
import dev.prefork.events.OneTimeEvent;
import dev.prefork.ipc.Channel;
import dev.prefork.ipc.Receipt;
import dev.prefork.launch.Slot;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/** The worker that this JVM is. Safe for any thread. */
public final class SelfWorker extends ConversingWorker {
    private final int id;
    private final WorkerRuntime runtime;
    private final EventThread events;
    private final WorkerProcess process;
    private final OneTimeEvent<Worker> disconnected;
    private final OneTimeEvent<Worker> leader;
    private final Conversation conversation;
    private volatile boolean voluntary;
    private volatile boolean isAwaiting;
    private volatile boolean leads;
    private volatile boolean leadIsAwaited;

    SelfWorker(int id, WorkerRuntime runtime, EventThread events, Channel channel) {
        this.id = id;
        this.runtime = runtime;
        this.events = events;
        this.process = new SelfProcess(this, runtime.pipes(), channel);
        this.disconnected = new OneTimeEvent<>(events);
        this.leader = new OneTimeEvent<>(events);
        this.conversation = new Conversation("the primary", events, channel, Audience.NOBODY);
    }

    // What the runtime tells.

    void leavesVoluntarily() {
        voluntary = true;
    }

    void message(Message message, Receipt receipt) {
        conversation.message(message, receipt);
    }

    void error(Exception problem) {
        conversation.error(problem);
    }

    @Override
    protected Conversation conversation() {
        return conversation;
    }

    /** A program that does not ask has no thread for it. */
    void leads() {
        leads = true;
        if (leadIsAwaited) {
            tellOfLead();
        }
    }

    /** Once, however often it is called. */
    private void tellOfLead() {
        events.execute(() -> leader.fire(this));
    }

    /** Whether the program wants to hear of what the primary says or does. */
    boolean isListenedTo() {
        return isAwaiting || conversation.isListenedTo();
    }

    /** Done when all listeners have run. */
    CompletableFuture<Void> emitDisconnect() {
        conversation.over();
        return CompletableFuture.runAsync(() -> disconnected.fire(this), events);
    }

    // Worker.

    @Override
    public int id() {
        return id;
    }

    @Override
    public WorkerProcess process() {
        return process;
    }

    // What only the primary hears of. In Node these listeners are accepted and never called.

    @Override
    public Subscription onOnline(Runnable listener) {
        throw isForThePrimary("onOnline()");
    }

    @Override
    public Subscription onListening(Consumer<ListeningAddress> listener) {
        throw isForThePrimary("onListening()");
    }

    @Override
    public Subscription onClosed(Consumer<ListeningAddress> listener) {
        throw isForThePrimary("onClosed()");
    }

    @Override
    public Subscription onListenRefused(Consumer<ListenRefusal> listener) {
        throw isForThePrimary("onListenRefused()");
    }

    @Override
    public Subscription onExit(Consumer<Exit> listener) {
        throw isForThePrimary("onExit()");
    }

    @Override
    public CompletableFuture<Worker> online() {
        throw isForThePrimary("online()");
    }

    @Override
    public CompletableFuture<Exit> exited() {
        throw isForThePrimary("exited()");
    }

    @Override
    public WorkerStats stats() {
        throw isForThePrimary("stats()");
    }

    private IllegalStateException isForThePrimary(String method) {
        return new IllegalStateException(
                "Worker." + method + " is for the primary; this is worker " + id);
    }

    // What happens in both.

    @Override
    public OptionalInt slot() {
        return Slot.named();
    }

    @Override
    public Subscription onLeader(Runnable listener) {
        Objects.requireNonNull(listener, "listener is null");
        isAwaiting = true;
        Subscription subscription = leader.add(worker -> listener.run());
        leadIsAwaited = true;
        if (leads) {
            tellOfLead();
        }
        return subscription;
    }

    @Override
    public boolean isLeader() {
        return leads;
    }

    @Override
    public Subscription onDisconnect(Runnable listener) {
        Objects.requireNonNull(listener, "listener is null");
        isAwaiting = true;
        return disconnected.add(worker -> listener.run());
    }

    @Override
    public CompletableFuture<Worker> disconnected() {
        isAwaiting = true;
        return disconnected.future();
    }

    @Override
    public Worker disconnect() {
        onLoop(() -> runtime.disconnect(false));
        return this;
    }

    /** Disconnects and exits with code 0; the signal has no meaning here. */
    @Override
    public void kill(String signal) {
        Objects.requireNonNull(signal, "signal is null");
        onLoop(runtime::disconnectAndExit);
    }

    private void onLoop(Runnable task) {
        try {
            runtime.loop().execute(task);
        } catch (RejectedExecutionException disconnected) {
            // It is disconnected already, and ends.
        }
    }

    @Override
    public boolean isConnected() {
        return !disconnected.hasHappened() && process.isConnected();
    }

    @Override
    public boolean isDead() {
        return false;
    }

    @Override
    public Optional<Boolean> exitedAfterDisconnect() {
        return voluntary ? Optional.of(true) : Optional.empty();
    }

    @Override
    public String toString() {
        return "worker " + id + " (pid " + process.pid() + ")";
    }
}
