package dev.prefork.primary;

import dev.prefork.ClusterSettings;
import dev.prefork.Exit;
import dev.prefork.ListenRefusal;
import dev.prefork.ListeningAddress;
import dev.prefork.Message;
import dev.prefork.PortRules;
import dev.prefork.WorkerStats;
import dev.prefork.ipc.Receipt;
import dev.prefork.launch.Launched;
import dev.prefork.launch.Launcher;
import dev.prefork.listen.Filler;
import dev.prefork.listen.ListenHandles;
import dev.prefork.loop.EventLoop;
import dev.prefork.posix.Errno;
import dev.prefork.posix.ExitStatus;
import dev.prefork.posix.Fd;
import dev.prefork.posix.PosixException;
import dev.prefork.posix.Signal;
import dev.prefork.wire.Acknowledged;
import dev.prefork.wire.Act;
import dev.prefork.wire.Close;
import dev.prefork.wire.ClusterLink;
import dev.prefork.wire.ClusterLink.Asked;
import dev.prefork.wire.ExitedAfterDisconnect;
import dev.prefork.wire.Joined;
import dev.prefork.wire.Listening;
import dev.prefork.wire.NewConnection;
import dev.prefork.wire.QueryServer;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One worker as the loop has it: its link, its process, what it listens on. What the application
 * has is {@link ForkedWorker}; this one tells it what happens. Belongs to the loop's thread.
 */
final class Peer implements ClusterLink.Peer {
    /** What happens to a worker, in the order in which it does. On the loop's thread. */
    interface Observer {
        void online(Receipt receipt);

        void listening(ListeningAddress address, Receipt receipt);

        void closed(ListeningAddress address, Receipt receipt);

        /** It wanted to listen there. */
        void listenRefused(ListenRefusal refusal);

        void message(Message message, Receipt receipt);

        void error(Exception problem);

        /** It disconnects of its own will. */
        void leavesVoluntarily();

        /** Whether it was told to leave, or leaves of its own will. */
        boolean isLeaving();

        void disconnected();

        void ended(Exit exit);
    }

    /** Its end comes with that of the process, and may be read after it. */
    private static final Duration CHANNEL_MAY_TAKE = Duration.ofMillis(100);

    private final ListenHandles handles;
    private final Optional<PortRules> ports;
    private final Seat seat;
    private final ServedAddresses served = new ServedAddresses();
    private ClusterLink link;
    private Filler filler;
    private Observer observer;
    private WorkerProcesses processes;

    /** Whether it is still to be told that it is the oldest of its slot. */
    private boolean waits;

    private Peer(ListenHandles handles, Optional<PortRules> ports, Seat seat) {
        this.seat = seat;
        this.handles = handles;
        this.ports = ports;
    }

    /**
     * Opens the link to a worker that was just started, and watches for its end. Nothing is told
     * before {@link #observe}, which must follow in the same turn of the loop.
     *
     * @param settings among them which of its listens the primary must not open
     */
    static Peer open(ClusterLoop on, int id, Launched launched, Seat seat, ClusterSettings settings)
            throws PosixException {
        Peer peer = new Peer(on.handles(), settings.ports(), seat);
        Duration stopTimeout = settings.stopTimeout().orElse(Launcher.STOP_MAY_TAKE);
        peer.processes =
                WorkerProcesses.watch(
                        on.loop(),
                        launched,
                        stopTimeout,
                        peer.new OfItsProcesses(on.loop(), launched, stopTimeout));
        try {
            peer.link = ClusterLink.open(on.loop(), launched.channel(), peer);
        } catch (PosixException e) {
            peer.processes.forget();
            throw e;
        }
        peer.waits = launched.waits();
        String name = "worker " + id + " (pid " + launched.child().pid() + ")";
        peer.filler = new Filler(id, name, seat.listeners(), peer.link);
        return peer;
    }

    void observe(Observer who) {
        this.observer = who;
        seat.occupants().ifPresent(others -> others.add(this));
    }

    /** No older worker runs in its slot: it may have what only one can. */
    void isFirst() {
        if (waits) {
            waits = false;
            link.tell(Act.Simple.OLDEST);
        }
    }

    /** It is the leader of those in slots. */
    void leads() {
        link.tell(Act.Simple.LEADER);
    }

    /** What was counted of those that it was handed. */
    List<WorkerStats.Connections> connections() {
        return handles.statsOf(filler);
    }

    ClusterLink link() {
        return link;
    }

    // What the worker says.

    @Override
    public void message(Message message, Receipt receipt) {
        observer.message(message, receipt);
    }

    @Override
    public void act(Act act, Asked asked, Optional<Fd> handle, Receipt receipt) {
        handle.ifPresent(Fd::close);
        switch (act) {
            case Act.Simple.ONLINE -> observer.online(receipt);
            case Listening(ListeningAddress address) -> {
                served.listening(address);
                observer.listening(address, receipt);
            }
            case QueryServer query -> {
                queryServer(query, asked);
                receipt.done();
            }
            case Close(String key, boolean leaving) when leaving -> {
                handles.leave(filler, key);
                receipt.done();
            }
            case Close(String key, _) -> {
                handles.close(filler, key);
                served.closed(key)
                        .ifPresentOrElse(
                                address -> observer.closed(address, receipt), receipt::done);
            }
            case ExitedAfterDisconnect _ -> {
                observer.leavesVoluntarily();
                link.answer(asked, new Acknowledged());
                receipt.done();
            }
            case Joined(Optional<Integer> pid) -> {
                pid.ifPresent(processes::serves);
                receipt.done();
            }
            // Not for a primary.
            case Act.Simple.DISCONNECT, Act.Simple.OLDEST, Act.Simple.LEADER -> receipt.done();
            case NewConnection _ -> receipt.done();
        }
    }

    private void queryServer(QueryServer query, Asked asked) {
        if (observer.isLeaving()) {
            // It gets no answer, as in Node: its server would be closed at once.
            return;
        }
        if (processes.firstHasEnded()) {
            // What it has started may still have its channel; it is no worker.
            handles.refuse(filler, query, asked, Errno.ESRCH);
            return;
        }
        if (!isPermitted(query)) {
            handles.refuse(filler, query, asked, Errno.EACCES);
            return;
        }
        int errno = handles.listen(filler, query, asked);
        if (errno == 0) {
            served.granted(query);
        } else {
            observer.listenRefused(
                    new ListenRefusal(query.address().described(), Errno.name(errno)));
        }
    }

    /**
     * What the application keeps for each worker by itself, the primary opens for none, unless it
     * is one slot's alone.
     */
    private boolean isPermitted(QueryServer query) {
        if (query.own()) {
            return seat.occupants().isPresent();
        }
        return ports.flatMap(rules -> query.address().inet().map(rules::shares)).orElse(true);
    }

    @Override
    public void error(Exception problem) {
        observer.error(problem);
    }

    @Override
    public void disconnected() {
        handles.channelClosed(filler);
        observer.disconnected();
        processes.channelClosed();
    }

    // Its processes.

    private final class OfItsProcesses implements WorkerProcesses.Owner {
        private final EventLoop loop;
        private final boolean ofAGroup;
        private final boolean offered;
        private final Duration stopTimeout;

        OfItsProcesses(EventLoop loop, Launched launched, Duration stopTimeout) {
            this.loop = loop;
            this.ofAGroup = launched.group().isPresent();
            this.offered = launched.offered();
            this.stopTimeout = stopTimeout;
        }

        /** What runs on may be the server: it answers what it has, and then closes the channel. */
        @Override
        public void orphaned() {
            if (offered && !processes.areServed()) {
                // Others have the channel, and none of them knows that it is one.
                link.channel().abort();
            } else if (link.channel().isConnected()) {
                disconnect();
            } else {
                processes.channelClosed();
            }
        }

        /** Who has the channel now has left the group: nothing else reaches it any more. */
        private void endWhoHasLeftTheGroup() {
            if (link.channel().isConnected()) {
                disconnect();
                loop.schedule(stopTimeout, link.channel()::abort);
            }
        }

        /** As there: nobody is left who knows the channel. */
        @Override
        public void serverEnded() {
            loop.schedule(CHANNEL_MAY_TAKE, link.channel()::abort);
        }

        @Override
        public void ended(ExitStatus status) {
            handles.processEnded(filler);
            seat.occupants().ifPresent(others -> others.remove(Peer.this));
            observer.ended(Exits.of(status));
            if (ofAGroup) {
                loop.schedule(CHANNEL_MAY_TAKE, this::endWhoHasLeftTheGroup);
            }
        }

        @Override
        public void error(PosixException problem) {
            observer.error(problem);
        }
    }

    /** False when it has ended. */
    boolean kill(Signal signal) {
        if (signal == Signal.SIGTERM && seat.occupants().isPresent()) {
            // Whoever waited for it to serve the last ones waits no longer: its own end begins.
            handles.forget(filler);
        }
        return processes.kill(signal);
    }

    /** It takes no more connections but those that nobody else could, and is told to disconnect. */
    void disconnect() {
        handles.leaveShared(filler, () -> link.tell(Act.Simple.DISCONNECT));
    }
}
