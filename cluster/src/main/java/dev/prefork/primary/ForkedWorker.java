package dev.prefork.primary;

import dev.prefork.Exit;
import dev.prefork.ListeningAddress;
import dev.prefork.Message;
import dev.prefork.SendOptions;
import dev.prefork.StdioPipe;
import dev.prefork.Subscription;
import dev.prefork.Worker;
import dev.prefork.WorkerProcess;
import dev.prefork.events.Inbox;
import dev.prefork.events.Listeners;
import dev.prefork.events.OneTimeEvent;
import dev.prefork.ipc.Handle;
import dev.prefork.loop.StreamSocket;
import dev.prefork.posix.Child;
import dev.prefork.posix.Signal;
import dev.prefork.wire.ClusterLink;
import dev.prefork.wire.Handles;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * A worker as the primary sees it.
 *
 * <p>What the application can ask for changes on the event thread, just before the listeners of
 * that change run, so that a listener sees the state of its event. What only the loop needs is in
 * the package-private part and belongs to the loop.
 */
final class ForkedWorker implements Worker {
    private static final System.Logger LOG = System.getLogger(ForkedWorker.class.getName());

    private final int id;
    private final Primary primary;
    private final Child child;
    private final Executor eventThread;
    private final Map<Integer, StreamSocket> pipes;

    private final OneTimeEvent<Worker> online;
    private final OneTimeEvent<Worker> disconnected;
    private final OneTimeEvent<Exit> exited;
    private final Listeners<ListeningAddress> listening = new Listeners<>();
    private final Listeners<Message> messages = new Listeners<>();
    private final Listeners<Exception> errors = new Listeners<>();
    private final Inbox<Message> inbox;
    private final WorkerProcess process = new Process();
    private volatile Boolean exitedAfterDisconnect;
    private volatile boolean channelClosedHere;

    // The loop's.
    private final Set<ListenHandle> handles = new LinkedHashSet<>();
    private ClusterLink link;
    private boolean takesHandoffs;
    private boolean ended;

    ForkedWorker(
            int id,
            Primary primary,
            Child child,
            ClusterEvents events,
            Map<Integer, StreamSocket> pipes) {
        this.id = id;
        this.primary = primary;
        this.child = child;
        this.pipes = pipes;
        this.eventThread = events.thread();
        this.online = new OneTimeEvent<>(eventThread);
        this.disconnected = new OneTimeEvent<>(eventThread);
        this.exited = new OneTimeEvent<>(eventThread);
        this.inbox =
                new Inbox<>(
                        eventThread,
                        () -> !messages.isEmpty() || !events.messages().isEmpty(),
                        message -> {
                            messages.emit(message);
                            events.messages().emit(new ClusterEvents.WorkerMessage(this, message));
                        });
    }

    // For the loop.

    Child child() {
        return child;
    }

    void link(ClusterLink opened) {
        this.link = opened;
    }

    ClusterLink link() {
        return link;
    }

    /** The listen handles that this worker has had a part in. */
    Set<ListenHandle> handles() {
        return handles;
    }

    /**
     * True for our own workers: connections come over a socket of their own, see {@link
     * HandoffFeed}.
     */
    boolean takesHandoffs() {
        return takesHandoffs;
    }

    void takesHandoffs(boolean yes) {
        this.takesHandoffs = yes;
    }

    /** The process has ended; what it said before may still be unread. */
    void hasEnded() {
        ended = true;
    }

    /** Whether it makes no sense any more to listen for this worker. */
    boolean isGoingOrGone() {
        return ended || isLeaving();
    }

    /** The worker disconnects of its own will, or is told to. */
    void leavesVoluntarily() {
        exitedAfterDisconnect = true;
    }

    boolean isLeaving() {
        return Boolean.TRUE.equals(exitedAfterDisconnect);
    }

    // On the event thread.

    void emitOnline() {
        online.fire(this);
    }

    void emitListening(ListeningAddress address) {
        listening.emit(address);
    }

    void emitMessage(Message message) {
        inbox.deliver(message);
    }

    void emitDisconnect() {
        knowWhetherVoluntary();
        disconnected.fire(this);
    }

    void emitExit(Exit exit) {
        knowWhetherVoluntary();
        online.cannotHappen(
                new IllegalStateException(this + " ended before it was online: " + exit));
        exited.fire(exit);
    }

    void emitError(Exception problem) {
        if (errors.isEmpty()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "worker error worker=" + id + " pid=" + child.pid(),
                    problem);
        }
        errors.emit(problem);
    }

    /** For a cluster listener that was added: it may be the first. */
    void deliverWaitingMessages() {
        inbox.listenerAdded();
    }

    private void knowWhetherVoluntary() {
        if (exitedAfterDisconnect == null) {
            exitedAfterDisconnect = false;
        }
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

    @Override
    public Subscription onOnline(Runnable listener) {
        return online.add(worker -> listener.run());
    }

    @Override
    public Subscription onListening(Consumer<ListeningAddress> listener) {
        return listening.add(listener);
    }

    @Override
    public Subscription onMessage(Consumer<Message> listener) {
        Subscription subscription = messages.add(listener);
        inbox.listenerAdded();
        return subscription;
    }

    @Override
    public Subscription onDisconnect(Runnable listener) {
        return disconnected.add(worker -> listener.run());
    }

    @Override
    public Subscription onExit(Consumer<Exit> listener) {
        return exited.add(listener);
    }

    @Override
    public Subscription onError(Consumer<Exception> listener) {
        return errors.add(listener);
    }

    @Override
    public CompletableFuture<Worker> online() {
        return online.future();
    }

    @Override
    public CompletableFuture<Worker> disconnected() {
        return disconnected.future();
    }

    @Override
    public CompletableFuture<Exit> exited() {
        return exited.future();
    }

    @Override
    public boolean send(Object message) {
        return send(message, failure -> failure.ifPresent(this::emitError));
    }

    @Override
    public boolean send(Object message, Consumer<Optional<Exception>> callback) {
        return send(message, (Handle) null, callback);
    }

    @Override
    public boolean send(Object message, Object handle, SendOptions options) {
        return send(message, handle, options, failure -> failure.ifPresent(this::emitError));
    }

    @Override
    public boolean send(
            Object message,
            Object handle,
            SendOptions options,
            Consumer<Optional<Exception>> callback) {
        return send(message, Handles.toSend(message, handle, options), callback);
    }

    private boolean send(Object message, Handle handle, Consumer<Optional<Exception>> callback) {
        return link.channel()
                .send(
                        message,
                        handle,
                        failure -> eventThread.execute(() -> callback.accept(failure)));
    }

    @Override
    public Worker disconnect() {
        leavesVoluntarily();
        primary.disconnect(this);
        return this;
    }

    @Override
    public void kill(String signal) {
        Signal wanted = Signal.named(signal);
        if (isConnected()) {
            onDisconnect(() -> primary.kill(this, wanted));
            disconnect();
        } else {
            primary.kill(this, wanted);
        }
    }

    @Override
    public boolean isConnected() {
        return !channelClosedHere && !disconnected.hasHappened();
    }

    @Override
    public boolean isDead() {
        return exited.hasHappened();
    }

    @Override
    public Optional<Boolean> exitedAfterDisconnect() {
        return Optional.ofNullable(exitedAfterDisconnect);
    }

    @Override
    public String toString() {
        return "worker " + id + " (pid " + child.pid() + ")";
    }

    private final class Process implements WorkerProcess {
        @Override
        public int pid() {
            return child.pid();
        }

        @Override
        public boolean kill(String signal) {
            return primary.kill(ForkedWorker.this, Signal.named(signal));
        }

        @Override
        public Optional<OutputStream> stdin() {
            return stdio(0).map(StdioPipe::output);
        }

        @Override
        public Optional<InputStream> stdout() {
            return stdio(1).map(StdioPipe::input);
        }

        @Override
        public Optional<InputStream> stderr() {
            return stdio(2).map(StdioPipe::input);
        }

        @Override
        public Optional<StdioPipe> stdio(int index) {
            return Optional.ofNullable(pipes.get(index))
                    .map(streams -> new StdioPipe(streams.input(), streams.output()));
        }

        @Override
        public boolean isConnected() {
            return ForkedWorker.this.isConnected();
        }

        @Override
        public boolean send(Object message) {
            return ForkedWorker.this.send(message);
        }

        @Override
        public boolean send(Object message, Consumer<Optional<Exception>> callback) {
            return ForkedWorker.this.send(message, callback);
        }

        @Override
        public void disconnect() {
            if (isConnected()) {
                channelClosedHere = true;
                link.channel().disconnect();
            } else {
                Exception already = new IllegalStateException("the channel is closed already");
                eventThread.execute(() -> emitError(already));
            }
        }

        @Override
        public Optional<Exit> exit() {
            return isDead() ? Optional.of(exited.future().join()) : Optional.empty();
        }
    }
}
