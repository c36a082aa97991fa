package dev.prefork.listen;

import dev.prefork.AcceptShortage;
import dev.prefork.ListenerStats;
import dev.prefork.ListeningAddress;
import dev.prefork.SchedulingPolicy;
import dev.prefork.WorkerStats;
import dev.prefork.log.LazyLogger;
import dev.prefork.loop.EventLoop;
import dev.prefork.posix.Errno;
import dev.prefork.posix.PosixException;
import dev.prefork.wire.ClusterLink.Asked;
import dev.prefork.wire.Grant;
import dev.prefork.wire.QueryServer;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** All addresses that workers listen on. */
public final class ListenHandles {
    private static final LazyLogger LOG = new LazyLogger(ListenHandles.class);

    private final EventLoop loop;
    private final Spreads spreads;
    private final Map<String, ListenHandle> handles = new HashMap<>();
    private final Map<Filler, Departure> departures = new HashMap<>();

    static {
        // A refusal for want of descriptors needs it, and then it cannot be loaded from a folder.
        var _ = NodeErrno.class;
    }

    /**
     * None yet.
     *
     * @param balancings who gets the connections of an address, under ROUND_ROBIN
     * @param shortages told when connections have to wait, once for an episode
     */
    public ListenHandles(
            EventLoop loop,
            SchedulingPolicy policy,
            Balancing.ByAddress balancings,
            Consumer<AcceptShortage> shortages) {
        this(loop, policy, balancings, HandoffRoom.ofThisProcess(), shortages);
    }

    ListenHandles(
            EventLoop loop,
            SchedulingPolicy policy,
            Balancing.ByAddress balancings,
            HandoffRoom room,
            Consumer<AcceptShortage> shortages) {
        this.loop = loop;
        this.spreads = new Spreads(loop, policy, balancings, room, new Shortage(loop, shortages));
    }

    /**
     * A filler asks to listen: opens the address for the first one. Always answers, whatever comes
     * in between: a bind in the worker waits for it.
     *
     * @return 0 if it may, else the error number
     */
    public int listen(Filler filler, QueryServer query, Asked asked) {
        int errno;
        try {
            errno = tryToListen(filler, query, asked);
        } catch (PosixException e) {
            errno = e.errno();
        } catch (RuntimeException fault) {
            LOG.get()
                    .log(
                            System.Logger.Level.WARNING,
                            "cannot listen key=" + query.key() + " worker=" + filler,
                            fault);
            errno = Errno.EINVAL;
        }
        if (errno != 0) {
            refuse(filler, query, asked, errno);
        }
        return errno;
    }

    /** Answers a question to listen with an error number. */
    public void refuse(Filler filler, QueryServer query, Asked asked, int errno) {
        // Our own workers throw what the JDK would.
        int said = query.handoff() ? errno : NodeErrno.of(errno, query.address());
        filler.link().answer(asked, Grant.refused(said, query.key(), query.data()));
    }

    /** Returns 0 if it has answered, else an error number. */
    private int tryToListen(Filler filler, QueryServer query, Asked asked) throws PosixException {
        String key = query.key();
        ListenHandle handle = handles.get(key);
        if (handle != null && !isLastFiller(filler) && !handle.lastCall().cancel()) {
            handles.remove(key);
            handle.close();
            handle = null;
        }
        if (handle == null) {
            handle = open(query, filler.slot());
            handles.put(key, handle);
        } else if (handle.isMember(filler) || !handle.isOpenFor(filler.slot())) {
            return Errno.EADDRINUSE;
        }
        boolean wasKept = filler.slot().holds(handle);
        ListenHandle.Admission admission;
        try {
            admission = handle.admit(filler, query.data(), query.handoff());
        } catch (PosixException | RuntimeException e) {
            closeIfUnused(handle);
            throw e;
        }
        filler.link()
                .answer(
                        asked,
                        admission.grant(),
                        admission.handle().orElse(null),
                        () -> lost(filler, query, asked, wasKept));
        handle.begin(filler);
        return 0;
    }

    /**
     * The grant's descriptor cannot reach the filler: it has none left. What was kept for it stays
     * open for the next one.
     */
    private void lost(Filler filler, QueryServer query, Asked asked, boolean wasKept) {
        ListenHandle handle = handles.get(query.key());
        if (handle != null && wasKept) {
            leave(handle, filler);
        } else {
            close(filler, query.key());
        }
        refuse(filler, query, asked, Errno.EMFILE);
    }

    private ListenHandle open(QueryServer query, SlotListeners slot) throws PosixException {
        ListenSocket socket = spreads.socket(query);
        try {
            // Workers of a slot are programs that do not know of each other.
            if (slot.isPromised()) {
                socket.keepFile(loop);
            }
            return new ListenHandle(
                    loop,
                    query.key(),
                    described(query, socket),
                    socket,
                    spreads.spread(query, socket),
                    query.own() ? Optional.of(slot) : Optional.empty());
        } catch (PosixException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** As people are told of it; port 0 has become another. */
    private static ListeningAddress described(QueryServer query, ListenSocket socket) {
        ListeningAddress asked = query.address().described();
        return socket.sockname()
                .map(
                        bound ->
                                new ListeningAddress(
                                        asked.address(),
                                        bound.getPort(),
                                        asked.addressType(),
                                        asked.fd()))
                .orElse(asked);
    }

    /** What was counted at each address that is open. */
    public List<ListenerStats> stats() {
        return handles.values().stream().map(ListenHandle::stats).toList();
    }

    /** What was counted of this filler, at each address that it listens on. */
    public List<WorkerStats.Connections> statsOf(Filler filler) {
        return handles.values().stream().flatMap(each -> each.statsOf(filler).stream()).toList();
    }

    /** A filler closed one of its servers. */
    public void close(Filler filler, String key) {
        ListenHandle handle = handles.get(key);
        if (handle != null) {
            handle.remove(filler);
            closeIfUnused(handle);
        }
    }

    /** Who comes late to a last call helps, and does not begin anything. */
    private static boolean isLastFiller(Filler filler) {
        return filler.slot().isClosed();
    }

    /**
     * All are about to leave: what nobody is promised for takes no more connections from this
     * moment, and those that there are go to whoever is free.
     */
    public void takeNoMore() {
        handles.values().stream()
                .filter(handle -> !handle.isOwn() && !handle.isPromised())
                .forEach(handle -> handle.lastCall().begin());
    }

    /**
     * A filler is to leave: it gets no more connections of addresses that are shared, once those
     * that only it can serve have reached it. What is its own, such as the port of its metrics, it
     * has until its end.
     *
     * @param tell tells it so, at this moment or later; not when it is gone by then
     */
    public void leaveShared(Filler filler, Runnable tell) {
        forget(filler);
        List<LastCall> calls = lastCallsOf(filler);
        calls.forEach(LastCall::begin);
        Departure departure =
                Departure.after(
                        calls,
                        () -> {
                            departures.remove(filler);
                            tell.run();
                            leave(filler, handle -> !handle.isOwn());
                        });
        if (!departure.isOver()) {
            departures.put(filler, departure);
        }
    }

    private List<LastCall> lastCallsOf(Filler filler) {
        return handles.values().stream()
                .filter(handle -> handle.isMember(filler) && !handle.isOwn())
                .filter(handle -> handle.lastCall().hasBegun() || handle.isLast(filler))
                .map(ListenHandle::lastCall)
                .toList();
    }

    /** A filler that was to leave is told so in another way, or is gone: it is told no more. */
    public void forget(Filler filler) {
        Optional.ofNullable(departures.remove(filler)).ifPresent(Departure::forget);
    }

    private void leave(Filler filler, Predicate<ListenHandle> which) {
        for (ListenHandle handle : List.copyOf(handles.values())) {
            if (handle.isMember(filler) && which.test(handle)) {
                leave(handle, filler);
            }
        }
    }

    /** A filler that ends leaves this address; that of a promised successor stays open. */
    public void leave(Filler filler, String key) {
        ListenHandle handle = handles.get(key);
        if (handle != null && handle.isMember(filler)) {
            leave(handle, filler);
        }
    }

    private void leave(ListenHandle handle, Filler filler) {
        SlotListeners slot = filler.slot();
        handle.remove(filler);
        if (slot.isPromised()) {
            handle.keepFor(slot);
        }
        closeIfUnused(handle);
    }

    /** A filler's channel is closed. */
    public void channelClosed(Filler filler) {
        forget(filler);
        leave(filler, _ -> true);
        filler.channelClosed();
    }

    /** A filler's process has ended. */
    public void processEnded(Filler filler) {
        forget(filler);
        leave(filler, _ -> true);
        filler.processEnded();
    }

    /** The slot's filler serves: what an earlier one had and it has not is closed. */
    public void settle(SlotListeners slot) {
        for (ListenHandle handle : slot.release()) {
            handle.stopKeepingFor(slot);
            closeIfUnused(handle);
        }
    }

    /** The slot gets no filler any more. */
    public void close(SlotListeners slot) {
        slot.breakPromise();
        settle(slot);
    }

    private void closeIfUnused(ListenHandle handle) {
        if (handle.isUnused()) {
            handles.remove(handle.key());
            handle.close();
        }
    }

    /** Nobody finds the Unix sockets any more; those who have connected are served. */
    public void removeFiles() {
        handles.values().forEach(ListenHandle::removeFile);
    }

    /** Whether nothing is open. */
    public boolean isEmpty() {
        return handles.isEmpty();
    }
}
