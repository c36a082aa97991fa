package dev.prefork.primary;

import dev.prefork.Balancer;
import dev.prefork.ClusterSettings;
import dev.prefork.ForkException;
import dev.prefork.ListenerStats;
import dev.prefork.ListeningAddress;
import dev.prefork.SchedulingPolicy;
import dev.prefork.Slot;
import dev.prefork.Worker;
import dev.prefork.WorkerStats;
import dev.prefork.balance.Balancers;
import dev.prefork.end.MainThread;
import dev.prefork.events.Conversation;
import dev.prefork.launch.LaunchRequest;
import dev.prefork.launch.Launched;
import dev.prefork.launch.Launcher;
import dev.prefork.launch.Place;
import dev.prefork.listen.ListenHandles;
import dev.prefork.listen.SlotListeners;
import dev.prefork.posix.PosixException;
import dev.prefork.posix.Signal;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;

/** One primary: its settings, its workers, its slots. Safe for any thread. */
public final class Primary {
    /** From SIGKILL to the end that is told. */
    private static final Duration KILLING_MAY_TAKE = Duration.ofSeconds(5);

    private final Launcher launcher;
    private final ClusterEvents events = new ClusterEvents();
    private final Setup setup;
    private final Workers workers = new Workers(events.thread());
    private final Balancers balancers = new Balancers(workers::connected);
    private final StartsInVain startsInVain = new StartsInVain();
    private final Map<Integer, NumberedSlot> slots = new HashMap<>();
    private int lastId;

    /** From the first fork on. */
    private ClusterLoop loop;

    /** The loop's; there when it is. */
    private Spares spares;

    /** There when the loop is. */
    private SocketFileSweep sweep;

    /** The same; without its main the primary lives for as long as the program's own threads. */
    private Runnable forgetMain;

    private boolean closed;

    /** A primary that starts this program again, unless its settings say otherwise. */
    public Primary() {
        this(new Launcher());
    }

    Primary(Launcher launcher) {
        this.launcher = launcher;
        this.setup = new Setup(launcher, events);
    }

    public ClusterEvents events() {
        return events;
    }

    public Map<Integer, Worker> workers() {
        return workers.listed();
    }

    public Map<Integer, Worker> living() {
        return workers.living();
    }

    public ClusterSettings settings() {
        return setup.settings();
    }

    public void setup(ClusterSettings changes) {
        setup.change(Objects.requireNonNull(changes, "settings is null"));
        ifStarted(_ -> spares.end());
    }

    /** As {@link #setup}, from the defaults. */
    public void reset(ClusterSettings changes) {
        setup.reset(Objects.requireNonNull(changes, "settings is null"));
        ifStarted(_ -> spares.end());
    }

    public SchedulingPolicy schedulingPolicy() {
        return setup.policy();
    }

    public void schedulingPolicy(SchedulingPolicy wanted) {
        setup.policy(wanted);
    }

    public void balancers(Function<ListeningAddress, Balancer> byAddress) {
        balancers.set(byAddress);
    }

    // Forking.

    /**
     * Starts a worker.
     *
     * @param itsOwn settings, in place of those of all
     */
    public Worker fork(ClusterSettings itsOwn, Map<String, String> environment) {
        return fork(itsOwn, environment, Seat.single());
    }

    Worker fork(ClusterSettings itsOwn, Map<String, String> environment, Seat seat) {
        Objects.requireNonNull(itsOwn, "settings is null");
        Objects.requireNonNull(environment, "environment is null");
        ClusterSettings used = setup.change(ClusterSettings.empty()).with(itsOwn);
        int id;
        ClusterLoop on;
        synchronized (this) {
            id = ++lastId;
            on = startedLoop();
        }
        on.waitsForIt();
        LaunchRequest request = new LaunchRequest(id, used, environment, seat.place(), on.loop());
        boolean mayBeSpare = launcher.mayBeSpare(request);
        Launched launched = mayBeSpare ? spareOrNew(on, request) : launcher.launch(request);
        try {
            ForkedWorker worker = on.call(() -> take(on, id, launched, used, seat));
            if (mayBeSpare) {
                on.loop().execute(() -> spares.keepFor(request));
            }
            return worker;
        } catch (PosixException | RuntimeException e) {
            launched.abandon();
            throw new ForkException("cannot fork: " + e.getMessage(), e);
        } catch (Error e) {
            launched.abandon();
            throw e;
        }
    }

    private Launched spareOrNew(ClusterLoop on, LaunchRequest request) {
        try {
            return on.call(() -> spares.take(request)).orElseGet(() -> launcher.launch(request));
        } catch (PosixException | RejectedExecutionException e) {
            throw new ForkException("cannot fork: " + e.getMessage(), e);
        }
    }

    private ClusterLoop startedLoop() {
        if (closed) {
            throw new IllegalStateException("this primary is closed");
        }
        if (loop == null) {
            try {
                loop =
                        ClusterLoop.start(
                                made ->
                                        new ListenHandles(
                                                made, setup.policy(), balancers, events::shortage));
                loop.loop().helpedBy(events.thread()::helps);
                events.thread().comesFrom(loop.loop()::inLoop);
                sweep = SocketFileSweep.atTheEndOfThisJvm(loop);
                forgetMain = MainThread.whenItThrows(_ -> events.thread().abandon());
                spares = new Spares(loop.loop(), launcher);
            } catch (PosixException e) {
                throw new ForkException("cannot fork: " + e.getMessage(), e);
            }
        }
        return loop;
    }

    /**
     * Everything of a worker is there before anybody hears of it. On the loop's thread, so that
     * nothing that the worker says comes in between.
     */
    private ForkedWorker take(
            ClusterLoop on, int id, Launched launched, ClusterSettings used, Seat seat)
            throws PosixException {
        Peer peer = Peer.open(on, id, launched, seat, used);
        ForkedWorker worker =
                new ForkedWorker(
                        id,
                        seat.slot(),
                        launched,
                        peer.link().channel(),
                        new OnLoop(on, peer),
                        workers,
                        events);
        // There may be no thread for it.
        worker.events().hold();
        workers.add(worker);
        if (seat.place() == Place.NONE) {
            startsInVain.watch(worker, launched.what());
        }
        worker.events().forked();
        peer.observe(worker.events());
        return worker;
    }

    /** Brings what the application asks of a worker to the loop. */
    private record OnLoop(ClusterLoop on, Peer peer) implements ForkedWorker.Controls {
        @Override
        public void disconnect() {
            on.tell(handles -> peer.disconnect());
        }

        @Override
        public void lead() {
            try {
                on.tell(handles -> peer.leads());
            } catch (RejectedExecutionException closed) {
                // It is about to be told of nothing any more.
            }
        }

        @Override
        public List<WorkerStats.Connections> connections() {
            try {
                return on.call(peer::connections);
            } catch (PosixException | RejectedExecutionException closed) {
                return List.of();
            }
        }

        @Override
        public boolean kill(Signal signal) {
            try {
                return on.call(() -> peer.kill(signal));
            } catch (PosixException | RejectedExecutionException closed) {
                return false;
            }
        }
    }

    // Slots.

    public synchronized Slot slot(int number) {
        if (number < 0) {
            throw new IllegalArgumentException("slot=" + number);
        }
        return slots.computeIfAbsent(number, _ -> new NumberedSlot(number, this));
    }

    void settle(SlotListeners slot) {
        ifStarted(handles -> handles.settle(slot));
    }

    void close(NumberedSlot slot, SlotListeners listeners) {
        synchronized (this) {
            slots.remove(slot.number(), slot);
        }
        ifStarted(handles -> handles.close(listeners));
    }

    private void ifStarted(Consumer<ListenHandles> task) {
        ClusterLoop on;
        synchronized (this) {
            on = loop;
        }
        if (on != null) {
            try {
                on.tell(task);
            } catch (RejectedExecutionException closedMeanwhile) {
                // And everything with it.
            }
        }
    }

    /** What was counted at each address that is open. */
    public List<ListenerStats> listenerStats() {
        ClusterLoop on;
        synchronized (this) {
            on = loop;
        }
        if (on == null) {
            return List.of();
        }
        try {
            return on.call(() -> on.handles().stats());
        } catch (PosixException | RejectedExecutionException closed) {
            return List.of();
        }
    }

    // The end.

    /**
     * All workers are about to leave: addresses for which no successor is promised take no more
     * connections; who has connected before is given to the workers.
     */
    public void takeNoMore() {
        ifStarted(
                handles -> {
                    handles.takeNoMore();
                    spares.end();
                });
    }

    /**
     * Disconnects every worker; done on the event thread when all have disconnected and no port is
     * open any more.
     */
    public CompletableFuture<Void> disconnect() {
        takeNoMore();
        List<ForkedWorker> all = workers.connected();
        for (ForkedWorker worker : all) {
            if (!worker.events().isLeaving()) {
                worker.disconnect();
            }
        }
        return workers.whenDisconnected(all);
    }

    /** As {@link #disconnect()}, with a callback on the event thread. */
    public void disconnect(Runnable callback) {
        Objects.requireNonNull(callback, "callback is null");
        // A task of its own: what depends on a future that is done already runs on this thread,
        // and what it throws is reported to nobody.
        var _ = disconnect().thenRun(() -> events.thread().execute(callback));
    }

    /**
     * Disconnects every worker, waits for their ends, and kills those that take longer; then there
     * is nothing left of this primary.
     *
     * @throws IllegalStateException in a listener, which would wait for itself
     */
    public void close(Duration patience) {
        if (events.thread().isCurrent()) {
            throw new IllegalStateException(
                    "close() waits for the workers' ends, which are told on this thread,"
                            + " cluster-events; call it on another one");
        }
        ClusterLoop last;
        List<NumberedSlot> open;
        synchronized (this) {
            if (loop != null) {
                loop.waitsForIt();
            }
            closed = true;
            last = loop;
            open = List.copyOf(slots.values());
        }
        open.forEach(NumberedSlot::close);
        if (last == null) {
            return;
        }
        var _ = disconnect();
        if (!haveEndedWithin(patience)) {
            workers.running().forEach(worker -> worker.signal(Signal.SIGKILL));
            endsAreTold();
        }
        sweep.cancel();
        forgetMain.run();
        workers.connected().forEach(ForkedWorker::abortChannel);
        ifStarted(_ -> spares.close());
        last.loop().close();
        launcher.close();
    }

    /** Whatever interrupts: else they were never reaped, and nobody ever told. */
    private void endsAreTold() {
        boolean interrupted = Thread.interrupted();
        haveEndedWithin(KILLING_MAY_TAKE);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean haveEndedWithin(Duration patience) {
        CompletableFuture<?>[] ends =
                workers.running().stream()
                        .map(ForkedWorker::exited)
                        .toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(ends).get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }

    /** Sends to all that are listed; false when one of them should be sent no more for now. */
    public boolean broadcast(Object message) {
        byte[] line = Conversation.line(message);
        boolean roomy = true;
        for (Worker worker : workers.listed().values()) {
            if (worker.isConnected()) {
                roomy &= ((ForkedWorker) worker).events().conversation().sendLine(line);
            }
        }
        return roomy;
    }

    public void messageListenerAdded() {
        workers.connected().forEach(worker -> worker.events().conversation().audienceCame());
    }
}
