package dev.prefork.listen;

import dev.prefork.AcceptShortage;
import dev.prefork.loop.EventLoop;
import dev.prefork.posix.Errno;
import dev.prefork.posix.Fd;
import dev.prefork.posix.PosixException;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A port that belongs to one process (SPEC F3): all its connections go to the slot's newest filler,
 * and back to the one before if that ends. Whoever asked one of them for another port, as a client
 * of JMX does, then reaches the same there.
 *
 * <p>Where the newest is busy, connections wait for it.
 */
final class Succession implements Spread, FedLane.Feeder {
    private final EventLoop loop;
    private final HandoffRoom room;
    private final Shortage shortage;
    private final String key;
    private final Acceptor acceptor;

    /** The newest last. */
    private final List<FedLane> lanes = new ArrayList<>();

    /** Those that may get a connection. */
    private final Set<FedLane> free = new HashSet<>();

    Succession(EventLoop loop, HandoffRoom room, Shortage shortage, String key, ListenSocket socket)
            throws PosixException {
        this.loop = loop;
        this.room = room;
        this.shortage = shortage;
        this.key = key;
        this.acceptor = new Acceptor(loop, socket, key, shortage, this::distribute);
    }

    @Override
    public Lane open(Filler filler, boolean mayHandOff) throws PosixException {
        return FedLane.open(loop, filler, key, mayHandOff, room, this);
    }

    @Override
    public void begin(Lane lane) {
        lanes.add((FedLane) lane);
        freed((FedLane) lane);
    }

    @Override
    public void end(Lane lane) {
        lanes.remove(lane);
        free.remove(lane);
        // For the one before.
        distribute();
    }

    private void distribute() {
        while (acceptor.hasWaiting() && !lanes.isEmpty()) {
            FedLane newest = lanes.getLast();
            if (!newest.isActive()) {
                // Its worker has ended it, and says no more.
                lanes.removeLast();
                continue;
            }
            if (!free.remove(newest)) {
                return;
            }
            newest.hand(acceptor.take().orElseThrow());
        }
    }

    @Override
    public void freed(FedLane lane) {
        if (lane.isActive() && lanes.contains(lane)) {
            free.add(lane);
        }
        distribute();
    }

    @Override
    public void hasClosedSome() {
        // The newest is the newest.
    }

    @Override
    public void returned(Fd connection) {
        acceptor.putBack(connection);
        distribute();
    }

    @Override
    public void hasNoRoom(FedLane lane) {
        shortage.met(AcceptShortage.Where.WORKER, Errno.EMFILE);
        refused(lane);
    }

    @Override
    public void refused(FedLane lane) {
        loop.schedule(lane.pause().next(), () -> freed(lane));
    }

    @Override
    public OptionalLong accepted() {
        return OptionalLong.of(acceptor.accepted());
    }

    @Override
    public int queued() {
        return acceptor.queued();
    }

    @Override
    public void close() {
        acceptor.close();
        lanes.clear();
        free.clear();
    }
}
