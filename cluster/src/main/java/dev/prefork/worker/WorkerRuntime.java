package dev.prefork.worker;

import dev.prefork.Message;
import dev.prefork.end.LastWords;
import dev.prefork.events.EventThread;
import dev.prefork.ipc.Receipt;
import dev.prefork.launch.WorkerOptions;
import dev.prefork.log.LazyLogger;
import dev.prefork.loop.EventLoop;
import dev.prefork.net.EndBySignal;
import dev.prefork.net.JavaNetSockets;
import dev.prefork.net.ListenBrokers;
import dev.prefork.net.OpenServers;
import dev.prefork.posix.Descriptors;
import dev.prefork.posix.Environment;
import dev.prefork.posix.Fd;
import dev.prefork.posix.PosixException;
import dev.prefork.wire.Act;
import dev.prefork.wire.ClusterLink;
import dev.prefork.wire.ClusterLink.Asked;
import dev.prefork.wire.ExitedAfterDisconnect;
import dev.prefork.wire.NewConnection;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

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

    /** How long the end of the process waits for messages that were sent just before it. */
    private static final long FLUSH_MILLIS = 1000;

    private static volatile Entry entry = Entry.PROGRAM;

    /** Started by the first who asks: WorkerMain, the Cluster class or a server. */
    private static final class Holder {
        static final Optional<WorkerRuntime> CURRENT = startIfWorker();
    }

    private final int id;
    private final EventLoop loop;
    private final EventThread events = new EventThread();
    private final PrimaryBroker broker;
    private final WorkerOptions options;
    private final OwnPipes pipes;
    private final ProcessEnd processEnd;
    private ClusterLink link;
    private SelfWorker self;
    private boolean leaving;
    private boolean exitWhenDisconnected;
    private final AtomicBoolean held = new AtomicBoolean();

    private WorkerRuntime(EventLoop loop, int id, OwnPipes pipes, WorkerOptions options) {
        this.id = id;
        this.loop = loop;
        this.pipes = pipes;
        this.processEnd = new ProcessEnd(options.stopTimeout().orElse(ProcessEnd.HOOKS_MAY_TAKE));
        this.options = options;
        this.broker =
                new PrimaryBroker(
                        loop, this::link, Listens.of(id, options), PrimaryBroker.ANSWER_MAY_TAKE);
    }

    /** This JVM's runtime; empty when the JVM is no worker. */
    public static Optional<WorkerRuntime> current() {
        return Holder.CURRENT;
    }

    /** As {@link #current}, for what runs before the program. */
    static Optional<WorkerRuntime> startFor(Entry starter) {
        entry = starter;
        return current();
    }

    /** The program's main has thrown: the channel does not keep the JVM running any more. */
    void letGo() {
        if (held.getAndSet(false)) {
            events.release();
        }
    }

    private static Optional<WorkerRuntime> startIfWorker() {
        return Environment.take("NODE_UNIQUE_ID").map(WorkerRuntime::start);
    }

    private static WorkerRuntime start(String id) {
        String fd =
                Environment.take("NODE_CHANNEL_FD")
                        .orElseThrow(
                                () ->
                                        new IllegalStateException(
                                                "NODE_UNIQUE_ID is set and NODE_CHANNEL_FD is not:"
                                                    + " this process was not forked by a primary"));
        String mode = Environment.take("NODE_CHANNEL_SERIALIZATION_MODE").orElse("json");
        if (!mode.equals("json")) {
            throw new IllegalStateException(
                    "the primary speaks serialization=" + mode + "; workers in Java speak json");
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
            WorkerRuntime runtime =
                    new WorkerRuntime(
                            loop, Integer.parseInt(id), OwnPipes.adopt(loop), WorkerOptions.take());
            runtime.open(Descriptors.adopt(Integer.parseInt(fd)));
            return runtime;
        } catch (PosixException | NumberFormatException e) {
            throw new IllegalStateException(
                    "cannot open the channel to the primary, NODE_CHANNEL_FD=" + fd, e);
        }
    }

    private void open(Fd channel) {
        EndBySignal.install(this::takeNoMore, ProcessEnd::bySignal);
        NativeTransports.switchOff();
        JavaNetSockets.install();
        CompletableFuture<Void> opened =
                CompletableFuture.runAsync(
                        () -> {
                            try {
                                link = ClusterLink.open(loop, channel, new PrimaryPeer());
                                self = new SelfWorker(id, this, events, link.channel());
                            } catch (PosixException e) {
                                throw new IllegalStateException(
                                        "cannot open the channel to the primary", e);
                            }
                            link.tell(Act.Simple.ONLINE);
                        },
                        loop);
        Thread.ofPlatform().name("cluster-loop").daemon().start(loop);
        opened.join();
        if (entry != Entry.AGENT) {
            // The channel keeps a worker alive, as it does in Node.
            held.set(true);
            events.hold();
        }
        ListenBrokers.install(broker);
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("cluster-flush").unstarted(this::flush));
    }

    /** Servers that stop refuse or destroy what they are still given. */
    private void takeNoMore() {
        broker.leave();
        var _ = OpenServers.ofThisProcess().retire();
    }

    /** What was sent before the exit arrives (SPEC C5). */
    private void flush() {
        try {
            link.channel().flushed().get(FLUSH_MILLIS, TimeUnit.MILLISECONDS);
        } catch (Exception tooLate) {
            // The process ends now, whatever is unsent.
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
        self.leavesVoluntarily();
        broker.leave();
        broker.refuse();
        var _ =
                OpenServers.ofThisProcess()
                        .retire()
                        .thenRun(
                                () ->
                                        loop.execute(
                                                () -> {
                                                    if (askedByPrimary) {
                                                        link.channel().disconnect();
                                                    } else {
                                                        announceAndDisconnect();
                                                    }
                                                }));
    }

    /** Without waiting for connections: for kill(). */
    void disconnectAndExit() {
        exitWhenDisconnected = true;
        leaving = true;
        self.leavesVoluntarily();
        if (link.channel().isConnected()) {
            announceAndDisconnect();
        } else {
            processEnd.exit(() -> {});
        }
    }

    /** The primary must know that this is voluntary before it sees the channel close. */
    private void announceAndDisconnect() {
        link.ask(new ExitedAfterDisconnect(), (answer, handle) -> link.channel().disconnect());
    }

    private void disconnected() {
        broker.refuse();
        boolean voluntary = leaving;
        CompletableFuture<Void> told = self.emitDisconnect();
        Runnable before = () -> told.exceptionally(fault -> null).join();
        if (!voluntary || exitWhenDisconnected) {
            processEnd.exit(before);
        } else if (entry == Entry.AGENT) {
            processEnd.terminate(before);
        } else if (OpenServers.ofThisProcess().everServed()) {
            // The threads of its servers would keep a JVM running for ever that has nothing left to
            // serve.
            processEnd.exit(before);
        }
        var _ = loop.shutDown();
        // Not before the listeners have run: the JVM may be kept alive by nothing but this.
        var _ = told.whenComplete((done, fault) -> letGo());
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
            }
        }

        @Override
        public void error(Exception problem) {
            self.error(problem);
        }

        @Override
        public void disconnected() {
            WorkerRuntime.this.disconnected();
        }
    }
}
