package dev.prefork.worker;

import dev.prefork.Exit;
import dev.prefork.ListeningAddress;
import dev.prefork.Message;
import dev.prefork.SendOptions;
import dev.prefork.StdioPipe;
import dev.prefork.Subscription;
import dev.prefork.Worker;
import dev.prefork.WorkerProcess;
import dev.prefork.events.EventThread;
import dev.prefork.events.Inbox;
import dev.prefork.events.Listeners;
import dev.prefork.events.OneTimeEvent;
import dev.prefork.ipc.Handle;
import dev.prefork.posix.PosixException;
import dev.prefork.posix.Signal;
import dev.prefork.wire.Handles;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/** The worker that this JVM is. Safe for any thread. */
public final class SelfWorker implements Worker {
    private static final System.Logger LOG = System.getLogger(SelfWorker.class.getName());

    private final int id;
    private final WorkerRuntime runtime;
    private final WorkerProcess process = new Self();
    private final EventThread events = new EventThread();
    private final OneTimeEvent<Worker> disconnected = new OneTimeEvent<>(events);
    private final Listeners<Message> messages = new Listeners<>();
    private final Listeners<Exception> errors = new Listeners<>();
    private final Inbox<Message> inbox =
            new Inbox<>(events, () -> !messages.isEmpty(), messages::emit);
    private volatile boolean voluntary;

    SelfWorker(int id, WorkerRuntime runtime) {
        this.id = id;
        this.runtime = runtime;
    }

    // What the runtime tells.

    void leavesVoluntarily() {
        voluntary = true;
    }

    void emitMessage(Message message) {
        events.execute(() -> inbox.deliver(message));
    }

    void emitError(Exception problem) {
        events.execute(
                () -> {
                    if (errors.isEmpty()) {
                        LOG.log(
                                System.Logger.Level.WARNING,
                                "error on the channel to the primary worker=" + id,
                                problem);
                    }
                    errors.emit(problem);
                });
    }

    /** Done when all listeners have run. */
    CompletableFuture<Void> emitDisconnect() {
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

    /** Never called: not emitted in the worker. */
    @Override
    public Subscription onOnline(Runnable listener) {
        return () -> {};
    }

    /** Never called: not emitted in the worker. */
    @Override
    public Subscription onListening(Consumer<ListeningAddress> listener) {
        return () -> {};
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

    /** Never called: nobody is left to be told. */
    @Override
    public Subscription onExit(Consumer<Exit> listener) {
        return () -> {};
    }

    @Override
    public Subscription onError(Consumer<Exception> listener) {
        return errors.add(listener);
    }

    /** Never done: see {@link #onOnline}. */
    @Override
    public CompletableFuture<Worker> online() {
        return new CompletableFuture<>();
    }

    @Override
    public CompletableFuture<Worker> disconnected() {
        return disconnected.future();
    }

    /** Never done: see {@link #onExit}. */
    @Override
    public CompletableFuture<Exit> exited() {
        return new CompletableFuture<>();
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
        return runtime.link()
                .channel()
                .send(message, handle, failure -> events.execute(() -> callback.accept(failure)));
    }

    @Override
    public Worker disconnect() {
        onLoop(() -> runtime.disconnect(false));
        return this;
    }

    /** Disconnects and exits with code 0; the signal has no meaning here. */
    @Override
    public void kill(String signal) {
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
        return !disconnected.hasHappened() && runtime.link().channel().isConnected();
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

    private final class Self implements WorkerProcess {
        @Override
        public int pid() {
            return (int) ProcessHandle.current().pid();
        }

        @Override
        public boolean kill(String signal) {
            try {
                return Signal.named(signal).send(pid());
            } catch (PosixException e) {
                throw new IllegalStateException("cannot signal this process", e);
            }
        }

        @Override
        public Optional<OutputStream> stdin() {
            return Optional.empty();
        }

        @Override
        public Optional<InputStream> stdout() {
            return Optional.empty();
        }

        @Override
        public Optional<InputStream> stderr() {
            return Optional.empty();
        }

        @Override
        public Optional<StdioPipe> stdio(int index) {
            return runtime.pipes().at(index);
        }

        @Override
        public boolean isConnected() {
            return SelfWorker.this.isConnected();
        }

        @Override
        public boolean send(Object message) {
            return SelfWorker.this.send(message);
        }

        @Override
        public boolean send(Object message, Consumer<Optional<Exception>> callback) {
            return SelfWorker.this.send(message, callback);
        }

        @Override
        public void disconnect() {
            if (isConnected()) {
                runtime.link().channel().disconnect();
            } else {
                emitError(new IllegalStateException("the channel is closed already"));
            }
        }

        @Override
        public Optional<Exit> exit() {
            return Optional.empty();
        }
    }
}
