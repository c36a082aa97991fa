package dev.prefork.primary;

import dev.prefork.Exit;
import dev.prefork.ListenRefusal;
import dev.prefork.ListeningAddress;
import dev.prefork.Message;
import dev.prefork.PortRules;
import dev.prefork.ipc.Receipt;
import dev.prefork.launch.Launched;
import dev.prefork.listen.Filler;
import dev.prefork.listen.ListenHandles;
import dev.prefork.loop.EventLoop;
import dev.prefork.posix.Child;
import dev.prefork.posix.Epoll;
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
import dev.prefork.wire.Listening;
import dev.prefork.wire.NewConnection;
import dev.prefork.wire.QueryServer;

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

    private final Child child;
    private final ListenHandles handles;
    private final Optional<PortRules> ports;
    private final Seat seat;
    private final ServedAddresses served = new ServedAddresses();
    private ClusterLink link;
    private Filler filler;
    private Observer observer;
    private EventLoop.Watch exitWatch;
    private boolean ended;

    /** Whether it is still to be told that it is the oldest of its slot. */
    private boolean waits;

    private Peer(Child child, ListenHandles handles, Optional<PortRules> ports, Seat seat) {
        this.seat = seat;
        this.child = child;
        this.handles = handles;
        this.ports = ports;
    }

    /**
     * Opens the link to a worker that was just started, and watches for its end. Nothing is told
     * before {@link #observe}, which must follow in the same turn of the loop.
     *
     * @param ports which of its listens the primary must not open
     */
    static Peer open(
            ClusterLoop on, String name, Launched launched, Seat seat, Optional<PortRules> ports)
            throws PosixException {
        Child child = launched.child();
        Peer peer = new Peer(child, on.handles(), ports, seat);
        peer.exitWatch =
                on.loop().watch(child.descriptor(), Epoll.READABLE, ready -> peer.mayHaveEnded());
        try {
            peer.link = ClusterLink.open(on.loop(), launched.channel(), peer);
        } catch (PosixException e) {
            peer.exitWatch.cancel();
            throw e;
        }
        peer.waits = launched.waits();
        peer.filler = new Filler(name, seat.listeners(), peer.link);
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
            // Not for a primary.
            case Act.Simple.DISCONNECT, Act.Simple.OLDEST -> receipt.done();
            case NewConnection _ -> receipt.done();
        }
    }

    private void queryServer(QueryServer query, Asked asked) {
        if (observer.isLeaving()) {
            // It gets no answer, as in Node: its server would be closed at once.
            return;
        }
        if (ended) {
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
    }

    // Its process.

    private void mayHaveEnded() {
        Optional<ExitStatus> status;
        try {
            status = child.reap();
        } catch (PosixException unknown) {
            observer.error(unknown);
            status = Optional.of(new ExitStatus.Unknown());
        }
        if (status.isEmpty()) {
            return;
        }
        ended = true;
        stopWatching();
        child.close();
        handles.processEnded(filler);
        seat.occupants().ifPresent(others -> others.remove(this));
        observer.ended(Exits.of(status.get()));
    }

    /** Else the descriptor, readable for ever, would keep the loop busy. */
    private void stopWatching() {
        try {
            exitWatch.cancel();
        } catch (PosixException e) {
            // Closing the descriptor, which comes next, ends the watch as well.
            observer.error(e);
        }
    }

    /** False when it has ended: a pid that is still ours cannot be another process's. */
    boolean kill(Signal signal) {
        try {
            return !ended && child.reap().isEmpty() && signal.send(child.pid());
        } catch (PosixException e) {
            observer.error(e);
            return false;
        }
    }

    /** It takes no more connections from this moment, and is told to disconnect. */
    void disconnect() {
        link.tell(Act.Simple.DISCONNECT);
        handles.leaveShared(filler);
    }
}
