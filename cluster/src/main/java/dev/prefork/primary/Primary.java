package dev.prefork.primary;

import dev.prefork.ClusterSettings;
import dev.prefork.Exit;
import dev.prefork.ForkException;
import dev.prefork.SchedulingPolicy;
import dev.prefork.Worker;
import dev.prefork.launch.LaunchRequest;
import dev.prefork.launch.Launched;
import dev.prefork.launch.Launcher;
import dev.prefork.loop.EventLoop;
import dev.prefork.posix.Child;
import dev.prefork.posix.Epoll;
import dev.prefork.posix.ExitStatus;
import dev.prefork.posix.Fd;
import dev.prefork.posix.PosixException;
import dev.prefork.posix.Signal;
import dev.prefork.wire.ClusterLink;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;

/** The primary of this JVM: settings, forking, and the workers that live. Safe for any thread. */
public final class Primary {
    private static final System.Logger LOG = System.getLogger(Primary.class.getName());

    private final KeepAlive keepAlive = new KeepAlive();
    private final ClusterEvents events = new ClusterEvents(keepAlive);
    private final Disconnects disconnects = new Disconnects();
    private final ConcurrentSkipListMap<Integer, Worker> workers = new ConcurrentSkipListMap<>();
    private final ConcurrentSkipListMap<Integer, ForkedWorker> connected =
            new ConcurrentSkipListMap<>();

    private final Launcher launcher = new Launcher();

    private SchedulingPolicy policy;
    private boolean policyFrozen;
    private ClusterSettings settings = ClusterSettings.empty();
    private int lastId;
    private volatile EventLoop loop;
    private ListenHandles handles;

    public Primary() {
        String word = System.getenv(SchedulingPolicy.VARIABLE);
        this.policy = word == null ? SchedulingPolicy.ROUND_ROBIN : SchedulingPolicy.of(word);
    }

    public ClusterEvents events() {
        return events;
    }

    /** The live workers by id: a view that changes as they come and go. */
    public Map<Integer, Worker> workers() {
        return Collections.unmodifiableMap(workers);
    }

    // Settings.

    public synchronized ClusterSettings settings() {
        return settings;
    }

    public synchronized SchedulingPolicy schedulingPolicy() {
        return policy;
    }

    public synchronized void schedulingPolicy(SchedulingPolicy wanted) {
        if (policyFrozen && wanted != policy) {
            throw new IllegalStateException(
                    "schedulingPolicy="
                            + wanted
                            + ": it is "
                            + policy
                            + " since the first fork() or setupPrimary(); set it before");
        }
        policy = wanted;
    }

    public synchronized void setup(ClusterSettings changes) {
        ClusterSettings base = policyFrozen ? settings : launcher.defaults().with(settings);
        ClusterSettings now = base.with(changes);
        settings = now;
        policyFrozen = true;
        events.thread().execute(() -> events.setup().emit(now));
    }

    // Forking.

    public Worker fork(Map<String, String> environment) {
        ClusterSettings used;
        int id;
        synchronized (this) {
            setup(ClusterSettings.empty());
            used = settings;
            id = ++lastId;
            startLoop();
        }
        Launched launched = launcher.launch(new LaunchRequest(id, used, environment, loop));
        ForkedWorker worker =
                new ForkedWorker(id, this, launched.child(), events, launched.pipes());
        take(worker, launched.channel());
        return worker;
    }

    private void take(ForkedWorker worker, Fd channel) {
        keepAlive.acquire();
        workers.put(worker.id(), worker);
        connected.put(worker.id(), worker);
        events.thread().execute(() -> events.fork().emit(worker));
        onLoop(
                () -> {
                    try {
                        worker.link(
                                ClusterLink.open(
                                        loop, channel, new WorkerPeer(this, worker, handles)));
                        watchForExit(worker);
                    } catch (PosixException e) {
                        throw new IllegalStateException("cannot watch worker " + worker.id(), e);
                    }
                    return null;
                });
    }

    private void watchForExit(ForkedWorker worker) throws PosixException {
        Child child = worker.child();
        EventLoop.Watch[] watch = new EventLoop.Watch[1];
        watch[0] =
                loop.watch(
                        child.descriptor(),
                        Epoll.READABLE,
                        ready -> {
                            Optional<ExitStatus> status = child.reap();
                            if (status.isPresent()) {
                                watch[0].cancel();
                                child.close();
                                ended(worker, Exits.of(status.get()));
                            }
                        });
    }

    // What happens to workers. On the loop's thread; what the application sees follows on the event
    // thread.

    void disconnected(ForkedWorker worker) {
        handles.leave(worker);
        handles.channelClosed(worker);
        events.thread()
                .execute(
                        () -> {
                            connected.remove(worker.id());
                            if (worker.isDead()) {
                                workers.remove(worker.id(), worker);
                            }
                            worker.emitDisconnect();
                            events.disconnect().emit(worker);
                            disconnects.disconnected(worker);
                        });
    }

    private void ended(ForkedWorker worker, Exit exit) {
        worker.hasEnded();
        handles.leave(worker);
        handles.processEnded(worker);
        events.thread()
                .execute(
                        () -> {
                            if (!worker.isConnected()) {
                                workers.remove(worker.id(), worker);
                            }
                            worker.emitExit(exit);
                            events.exit().emit(new ClusterEvents.WorkerExit(worker, exit));
                            keepAlive.release();
                        });
    }

    // What the application asks of workers.

    /** The worker takes no more connections from this moment, and is told to disconnect. */
    void disconnect(ForkedWorker worker) {
        workers.remove(worker.id(), worker);
        loop.execute(
                () -> {
                    worker.link().act("disconnect", Map.of());
                    handles.leave(worker);
                });
    }

    /** On the loop, which is what reaps: a pid that is still ours cannot be another process's. */
    boolean kill(ForkedWorker worker, Signal signal) {
        try {
            return onLoop(
                    () -> {
                        try {
                            return worker.child().reap().isEmpty()
                                    && signal.send(worker.child().pid());
                        } catch (PosixException e) {
                            events.thread().execute(() -> worker.emitError(e));
                            return false;
                        }
                    });
        } catch (CompletionException e) {
            throw new IllegalStateException("cannot send " + signal, e);
        }
    }

    /**
     * Disconnects every worker; done on the event thread when all have disconnected and no port is
     * open any more.
     */
    public CompletableFuture<Void> disconnect() {
        List<ForkedWorker> all = List.copyOf(connected.values());
        for (ForkedWorker worker : all) {
            if (!worker.isLeaving()) {
                worker.disconnect();
            }
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        events.thread().execute(() -> disconnects.add(all, done));
        return done;
    }

    /** As {@link #disconnect()}, with a callback on the event thread. */
    public void disconnect(Runnable callback) {
        // A task of its own: what depends on a future that is done already runs on this thread,
        // and what it throws is reported to nobody.
        var _ = disconnect().thenRun(() -> events.thread().execute(callback));
    }

    public void messageListenerAdded() {
        connected.values().forEach(ForkedWorker::deliverWaitingMessages);
    }

    // The loop.

    private void startLoop() {
        if (loop != null) {
            return;
        }
        try {
            loop =
                    EventLoop.open(
                            fault ->
                                    LOG.log(
                                            System.Logger.Level.ERROR,
                                            "a fault in the cluster loop",
                                            fault));
        } catch (PosixException e) {
            throw new ForkException("cannot fork: " + e.getMessage(), e);
        }
        handles = new ListenHandles(loop, policy);
        Thread.ofPlatform().name("cluster-loop").daemon().start(loop);
    }

    private <T> T onLoop(Supplier<T> task) {
        return CompletableFuture.supplyAsync(task, loop).join();
    }
}
