package dev.prefork.listen;

import dev.prefork.ListenerStats;
import dev.prefork.ListeningAddress;
import dev.prefork.WorkerStats;
import dev.prefork.ipc.Handle;
import dev.prefork.loop.EventLoop;
import dev.prefork.posix.PosixException;
import dev.prefork.wire.Grant;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The primary's object for one address that workers listen on: the socket, who has a part in it,
 * and for which slots it is kept. Closes itself when the last of both is gone.
 */
final class ListenHandle {
    /**
     * What a filler is granted.
     *
     * @param handle goes with it; a copy, for the channel to keep
     */
    record Admission(Grant grant, Optional<Handle> handle) {}

    private final String key;
    private final ListeningAddress address;
    private final ListenSocket socket;
    private final Spread spread;
    private final LastCall lastCall;

    /** The slot whose alone it is; empty: everybody's. */
    private final Optional<SlotListeners> owner;

    /** The one place that knows who listens here. */
    private final Map<Filler, Lane> members = new HashMap<>();

    private final Set<SlotListeners> keptFor = new HashSet<>();

    /** Of the first worker that brought any: TLS servers share the keys of their tickets by it. */
    private Object data;

    ListenHandle(
            EventLoop loop,
            String key,
            ListeningAddress address,
            ListenSocket socket,
            Spread spread,
            Optional<SlotListeners> owner) {
        this.lastCall = new LastCall(loop, spread);
        this.owner = owner;
        this.key = key;
        this.address = address;
        this.socket = socket;
        this.spread = spread;
    }

    String key() {
        return key;
    }

    boolean isMember(Filler filler) {
        return members.containsKey(filler);
    }

    /** Whether it is one slot's alone. */
    boolean isOwn() {
        return owner.isPresent();
    }

    boolean isOpenFor(SlotListeners slot) {
        return owner.isEmpty() || owner.get() == slot;
    }

    LastCall lastCall() {
        return lastCall;
    }

    /** Whether somebody is to listen here when all who do now have left. */
    boolean isPromised() {
        return !keptFor.isEmpty()
                || members.keySet().stream().anyMatch(filler -> filler.slot().isPromised());
    }

    /** Whether nobody listens here but this one, now or later. */
    boolean isLast(Filler filler) {
        return members.size() == 1 && isMember(filler) && !isPromised();
    }

    boolean isUnused() {
        return members.isEmpty() && keptFor.isEmpty();
    }

    /**
     * A filler begins to listen here; {@link #begin} follows once it has been told.
     *
     * @param theirData {@link dev.prefork.wire.QueryServer#data}
     * @throws PosixException EMFILE and the like: there is no room for another; nothing has changed
     */
    Admission admit(Filler filler, Object theirData, boolean mayHandOff) throws PosixException {
        Lane lane = spread.open(filler, mayHandOff);
        Optional<Handle> handle;
        try {
            handle = lane.grantHandle();
        } catch (PosixException noDescriptorLeft) {
            spread.end(lane);
            lane.retire();
            throw noDescriptorLeft;
        }
        members.put(filler, lane);
        stopKeepingFor(filler.slot());
        if (data == null) {
            data = theirData;
        }
        return new Admission(new Grant(0, key, data, sockname(lane), lane.way()), handle);
    }

    /** Whoever has the socket itself asks it. */
    private Optional<InetSocketAddress> sockname(Lane lane) {
        return lane.way() == Grant.Way.SHARED ? Optional.empty() : socket.sockname();
    }

    /** The filler has been sent its admission: connections may come its way. */
    void begin(Filler filler) {
        Lane lane = members.get(filler);
        // Where it could not even be sent it is no member any more.
        if (lane != null) {
            spread.begin(lane);
        }
    }

    /** A filler stops listening here: it closed its server, leaves or is gone. */
    void remove(Filler filler) {
        Lane lane = members.remove(filler);
        if (lane != null) {
            spread.end(lane);
            lane.retire();
        }
    }

    /**
     * It stays open for the slot's next filler, unless that is here already: then it is the next
     * one's to close.
     */
    void keepFor(SlotListeners slot) {
        if (members.keySet().stream().noneMatch(filler -> filler.slot() == slot)) {
            keptFor.add(slot);
            slot.hold(this);
        }
    }

    void stopKeepingFor(SlotListeners slot) {
        keptFor.remove(slot);
        slot.letGo(this);
    }

    /** What was counted here. */
    ListenerStats stats() {
        return new ListenerStats(address, members.size(), spread.accepted(), spread.queued());
    }

    /** What was counted of this filler here; empty if it is no member. */
    Optional<WorkerStats.Connections> statsOf(Filler filler) {
        Lane lane = members.get(filler);
        if (lane == null) {
            return Optional.empty();
        }
        if (!(lane instanceof FedLane fed)) {
            return Optional.of(new WorkerStats.Connections(address, 0, 0, 0, OptionalInt.empty()));
        }
        UnderWay handed = fed.underWay();
        return Optional.of(
                new WorkerStats.Connections(
                        address,
                        handed.countOfHanded(),
                        handed.countOfAccepted(),
                        handed.countOfReoffered(),
                        fed.open() == FedLane.UNTOLD
                                ? OptionalInt.empty()
                                : OptionalInt.of(fed.open())));
    }

    /** As {@link ListenSocket#removeFile}. */
    void removeFile() {
        socket.removeFile();
    }

    /** Closes the address, whoever listens there; connections that wait are dropped. */
    void close() {
        List.copyOf(members.keySet()).forEach(this::remove);
        lastCall.close();
        spread.close();
        socket.close();
    }
}
