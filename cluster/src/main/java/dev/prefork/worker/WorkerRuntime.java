package dev.prefork.worker;

import dev.prefork.Message;
import dev.prefork.end.LastWords;
import dev.prefork.end.MainThread;
import dev.prefork.events.EventThread;
import dev.prefork.ipc.ProtocolException;
import dev.prefork.ipc.Receipt;
import dev.prefork.launch.WorkerOptions;
import dev.prefork.log.LazyLogger;
import dev.prefork.loop.EventLoop;
import dev.prefork.net.ChannelProviders;
import dev.prefork.net.EndBySignal;
import dev.prefork.net.JavaNetSockets;
import dev.prefork.net.ListenBrokers;
import dev.prefork.net.OpenServers;
import dev.prefork.net.WorkerLeavingException;
import dev.prefork.posix.Descriptors;
import dev.prefork.posix.Fd;
import dev.prefork.posix.PosixException;
import dev.prefork.posix.ThisProcess;
import dev.prefork.wire.Act;
import dev.prefork.wire.ClusterLink;
import dev.prefork.wire.ClusterLink.Asked;
import dev.prefork.wire.Joined;
import dev.prefork.wire.NewConnection;

import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * This JVM as a worker: its link to the primary, its listens, its end.
 *
 * <pre>
 *   CONNECTED ── disconnect, from either side ──▶ LEAVING ── connections over, channel closed ──▶ GONE
 *       └────── the channel closed unasked ──────────────────────────────────────────────────────▶ exit 0
 * </pre>
 */
public final class WorkerRuntime {
    private static final LazyLogger LOG = new LazyLogger(WorkerRuntime.class);

    /** Causes can be a circle. */
    private static final int LONGEST_CHAIN = 50;

    private static volatile Entry entry = Entry.PROGRAM;
    private static volatile Supplier<Optional<Invitation>> invited = Invitation::take;

    /** Started by the first who asks: WorkerMain, the Cluster class or a server. */
    private static final class Holder {
        static final Optional<WorkerRuntime> CURRENT =
                entry == Entry.JOINING ? open() : Unfit.orEnd(Holder::open);

        private static Optional<WorkerRuntime> open() {
            return invited.get().map(WorkerRuntime::start);
        }
    }

    private final int id;
    private final EventLoop loop;
    private final EventThread events = new EventThread();
    private final PrimaryBroker broker;
    private final WorkerOptions options;
    private final OwnPipes pipes;
    private final Drain drain;
    private final ProcessEnd processEnd;
    private ClusterLink link;
    private SelfWorker self;
    private final LateBinds lateBinds;
    private final Farewell farewell;
    private boolean leaving;
    private boolean exitWhenDisconnected;
    private ProtocolException breach;
    private final AtomicBoolean held = new AtomicBoolean();

    /** By a program that an agent has made a worker. */
    private volatile boolean isKnown;

    private WorkerRuntime(EventLoop loop, int id, OwnPipes pipes, WorkerOptions options) {
        this.id = id;
        this.loop = loop;
        loop.helpedBy(events::helps);
        this.pipes = pipes;
        OpenServers servers = OpenServers.ofThisProcess();
        options.idleGrace().ifPresent(servers::closeIdleAfter);
        this.drain = new Drain(loop, servers);
        this.processEnd = new ProcessEnd(options.stopTimeout().orElse(ProcessEnd.HOOKS_MAY_TAKE));
        this.farewell = new Farewell(loop, this::link);
        this.lateBinds = new LateBinds(events, processEnd);
        this.options = options;
        this.broker =
                new PrimaryBroker(
                        loop, this::link, Listens.of(id, options), PrimaryBroker.ANSWER_MAY_TAKE);
    }

    /** This JVM's runtime; empty when the JVM is no worker. */
    public static Optional<WorkerRuntime> current() {
        return Holder.CURRENT;
    }

    /** As {@link #current}, for the program itself, which so says that it knows of us. */
    public static Optional<WorkerRuntime> ofProgram() {
        current().filter(_ -> entry.isAgent()).ifPresent(WorkerRuntime::keepForProgram);
        return current();
    }

    /** As {@link #current}, for what runs before the program. */
    static Optional<WorkerRuntime> startFor(Entry starter) {
        entry = starter;
        return current();
    }

    /** As {@link #startFor(Entry)}, of a JVM that was not started as a worker. */
    static Optional<WorkerRuntime> startFor(Entry starter, Supplier<Optional<Invitation>> by) {
        invited = by;
        return startFor(starter);
    }

    /**
     * It ends that thread, and so the process with code 1, as in any JVM. Otherwise the channel
     * keeps a worker alive, as it does in Node.
     */
    private void mainHasThrown(Throwable fault) {
        if (!isOfLeaving(fault)) {
            letGo();
        }
    }

    /** In Node nothing comes of such a listen: the worker goes on to leave. */
    static boolean isOfLeaving(Throwable fault) {
        return Stream.iterate(fault, Objects::nonNull, Throwable::getCause)
                .limit(LONGEST_CHAIN)
                .anyMatch(WorkerLeavingException.class::isInstance);
    }

    void letGo() {
        if (held.getAndSet(false)) {
            events.release();
        }
    }

    private void mainHasEnded() {
        if (!OpenServers.ofThisProcess().everServed() && !self.isListenedTo()) {
            letGo();
        }
    }

    /**
     * A program that an agent has made a worker, and that uses the cluster all the same: until its
     * main ends, and after that if it serves or listens to its primary, the channel keeps it.
     */
    private void keepForProgram() {
        isKnown = true;
        keepTheJvm();
        EndOfMain.ofThisThread(this::mainHasEnded);
    }

    /** The channel keeps a worker alive, as it does in Node. */
    private void keepTheJvm() {
        held.set(true);
        events.hold();
        var _ = MainThread.whenItThrows(this::mainHasThrown);
    }

    private static WorkerRuntime start(Invitation invitation) {
        if (!entry.isAgent()) {
            Unfit.requireOptions();
        }
        LastWords words = LastWords.ofThisProcess();
        try {
            EventLoop loop =
                    EventLoop.open(
                            fault ->
                                    LOG.get()
                                            .log(
                                                    System.Logger.Level.ERROR,
                                                    "a fault in the cluster loop",
                                                    fault),
                            broken -> words.say("the loop of the cluster", broken));
            Thread.ofPlatform().name("cluster-loop").daemon().start(loop);
            if (entry != Entry.JOINING) {
                shareSockets();
            }
            if (entry == Entry.PROGRAM) {
                ChannelProviders.install();
            }
            if (invitation.isSpare()) {
                Rehearsal.on(loop);
            }
            Invitation appointed = invitation.appointed();
            WorkerRuntime runtime =
                    new WorkerRuntime(
                            loop,
                            appointed.id(),
                            OwnPipes.adopt(loop, appointed.channel()),
                            appointed.options());
            runtime.open(Descriptors.adopt(appointed.channel()));
            return runtime;
        } catch (PosixException e) {
            throw new IllegalStateException(
                    "cannot open the channel to the primary, fd " + invitation.channel(), e);
        }
    }

    private void open(Fd channel) {
        EndBySignal.install(this::takeNoMore, ProcessEnd::isBySignal);
        // Not a CompletableFuture: see LateFuture.
        FutureTask<Void> opening =
                new FutureTask<>(
                        () -> {
                            link = ClusterLink.open(loop, channel, new PrimaryPeer());
                            self = new SelfWorker(id, this, events, link.channel());
                            link.tell(Act.Simple.ONLINE);
                            if (entry == Entry.JOINING) {
                                link.tell(new Joined(ThisProcess.pid()));
                            }
                            return null;
                        });
        loop.execute(opening);
        await(opening);
        if (!entry.isAgent()) {
            keepTheJvm();
            OpenServers.ofThisProcess().beforeRefusal(lateBinds::await);
        }
        if (entry == Entry.PROGRAM) {
            EndOfMain.ofThisThread(this::mainHasEnded);
        }
        ListenBrokers.install(broker);
        Runtime.getRuntime()
                .addShutdownHook(
                        Thread.ofPlatform()
                                .name("cluster-flush")
                                .unstarted(farewell::beforeTheEnd));
    }

    /** Before the program has any; once in the life of a JVM. */
    static void shareSockets() {
        NativeTransports.switchOff();
        JavaNetSockets.install();
    }

    /** What was to be done on the loop. */
    static void await(FutureTask<Void> opening) {
        try {
            var _ = opening.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot open the channel to the primary", e.getCause());
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted before the program began", e);
        }
    }

    /**
     * Servers that stop refuse or destroy what they are still given. A program that knows nothing
     * of us answers first what it has been asked, as when the primary ends it.
     */
    private void takeNoMore() {
        if (entry.isAgent()) {
            drain.beginAndAwait(broker::leave);
        } else {
            broker.leave();
            drain.beginOnly();
        }
    }

    public SelfWorker self() {
        return self;
    }

    PrimaryBroker broker() {
        return broker;
    }

    WorkerOptions options() {
        return options;
    }

    OwnPipes pipes() {
        return pipes;
    }

    EventLoop loop() {
        return loop;
    }

    ClusterLink link() {
        return link;
    }

    // Leaving. On the loop's thread.

    void disconnect(boolean askedByPrimary) {
        if (leaving) {
            return;
        }
        leaving = true;
        if (!askedByPrimary) {
            farewell.isOwnWill();
        }
        self.leavesVoluntarily();
        lateBinds.leaving();
        broker.leave();
        broker.refuse();
        Runnable close = askedByPrimary ? link.channel()::disconnect : this::announceAndDisconnect;
        var _ = drain.begin().thenRun(() -> loop.execute(close));
    }

    /** Without waiting for connections: for kill(). */
    void disconnectAndExit() {
        exitWhenDisconnected = true;
        leaving = true;
        farewell.isOwnWill();
        self.leavesVoluntarily();
        lateBinds.leaving();
        if (link.channel().isConnected()) {
            announceAndDisconnect();
        } else {
            processEnd.exit(() -> {});
        }
    }

    private void announceAndDisconnect() {
        var _ = farewell.announce().thenRun(link.channel()::disconnect);
    }

    private void disconnected() {
        boolean bindWaits = lateBinds.gone();
        farewell.over();
        broker.refuse();
        CompletableFuture<Void> told = self.emitDisconnect();
        Runnable before = () -> told.exceptionally(fault -> null).join();
        if (breach != null) {
            String why = breach.getMessage();
            processEnd.exitSaying(
                    "worker " + id + ": the primary broke the protocol: " + why, before);
        } else if (!leaving || exitWhenDisconnected) {
            processEnd.exit(before);
        } else if (entry.isAgent() && !isKnown) {
            processEnd.terminate(before);
        } else if (bindWaits || OpenServers.ofThisProcess().everServed()) {
            // The threads of its servers would keep a JVM running for ever that has nothing left to
            // serve.
            processEnd.exit(before);
        }
        // Who reads from a pipe goes on, as in Node.
        if (!pipes.wereOpened()) {
            var _ = loop.shutDown();
        }
        if (breach == null) {
            // Not before the listeners have run: the JVM may be kept alive by nothing but this.
            var _ = told.whenComplete((done, fault) -> letGo());
        }
    }

    /** What the primary says. */
    private final class PrimaryPeer implements ClusterLink.Peer {
        @Override
        public void message(Message message, Receipt receipt) {
            self.message(message, receipt);
        }

        @Override
        public void act(Act act, Asked asked, Optional<Fd> handle, Receipt receipt)
                throws IOException {
            receipt.done();
            if (act instanceof NewConnection connection && handle.isPresent()) {
                broker.connection(connection, asked, handle.get());
                return;
            }
            handle.ifPresent(Fd::close);
            if (act == Act.Simple.DISCONNECT) {
                disconnect(true);
            } else if (act == Act.Simple.OLDEST) {
                DebuggerMayListen.tell();
            } else if (act == Act.Simple.LEADER) {
                self.leads();
            }
        }

        @Override
        public void error(Exception problem) {
            self.error(problem);
        }

        @Override
        public void broken(ProtocolException by) {
            breach = by;
        }

        @Override
        public void disconnected() {
            WorkerRuntime.this.disconnected();
        }
    }
}
