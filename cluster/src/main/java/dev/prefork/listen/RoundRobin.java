package dev.prefork.listen;

import dev.prefork.loop.EventLoop;
import dev.prefork.posix.Fd;
import dev.prefork.posix.PosixException;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * SCHED_RR: the primary accepts and hands each connection to the filler that has been free longest.
 *
 * <p>One that has not acknowledged its last connection gets no other (SPEC A4); when all are busy,
 * connections wait here in the order in which they came.
 */
final class RoundRobin implements Spread, FedLane.Feeder {
    /**
     * A filler that has not looked at its connection for so long loses it to a free one (SPEC D2).
     */
    private static final Duration STALLED_AFTER = Duration.ofMillis(500);

    private final EventLoop loop;
    private final HandoffRoom room;
    private final String key;
    private final Acceptor acceptor;

    /** Those that may get a connection, the one that has been free longest first. */
    private final LinkedHashSet<FedLane> free = new LinkedHashSet<>();

    /** Those that have one under way. */
    private final LinkedHashSet<FedLane> busy = new LinkedHashSet<>();

    private boolean watchingForStalls;

    RoundRobin(EventLoop loop, HandoffRoom room, String key, ListenSocket socket)
            throws PosixException {
        this.loop = loop;
        this.room = room;
        this.key = key;
        this.acceptor = new Acceptor(loop, socket, key, this::distribute);
    }

    @Override
    public Lane open(Filler filler, boolean mayHandOff) throws PosixException {
        return FedLane.open(loop, filler, key, mayHandOff, room, this);
    }

    @Override
    public void begin(Lane lane) {
        freed((FedLane) lane);
    }

    @Override
    public void end(Lane lane) {
        free.remove(lane);
        busy.remove(lane);
    }

    private void distribute() {
        while (!free.isEmpty() && acceptor.hasWaiting()) {
            FedLane lane = free.removeFirst();
            if (!lane.isActive()) {
                // Its worker has ended it, and says no more.
                continue;
            }
            lane.hand(acceptor.take().orElseThrow());
            if (!lane.underWay().isEmpty()) {
                busy.add(lane);
                watchForStalls();
            }
        }
    }

    @Override
    public void freed(FedLane lane) {
        busy.remove(lane);
        if (lane.isActive()) {
            free.add(lane);
            distribute();
        }
    }

    @Override
    public void returned(Fd connection) {
        acceptor.putBack(connection);
        distribute();
    }

    @Override
    public void refused(FedLane lane) {
        busy.remove(lane);
        loop.schedule(Acceptor.PAUSE, () -> freed(lane));
    }

    private void watchForStalls() {
        if (!watchingForStalls) {
            watchingForStalls = true;
            loop.schedule(STALLED_AFTER, this::reclaimStalled);
        }
    }

    private void reclaimStalled() {
        watchingForStalls = false;
        for (FedLane lane : List.copyOf(busy)) {
            // Without another filler to serve it, a connection is where it belongs.
            if (lane.underWay().isOlderThan(STALLED_AFTER) && !free.isEmpty()) {
                lane.reclaim();
            }
        }
        // One that was reclaimed waits for the answer to its probe, or for its pause.
        busy.removeIf(lane -> lane.underWay().isEmpty());
        if (!busy.isEmpty()) {
            watchForStalls();
        }
    }

    @Override
    public void takeNoMore() {
        acceptor.takeNoMore();
    }

    @Override
    public boolean takeAgain() {
        return acceptor.takeAgain();
    }

    @Override
    public boolean isAtRest() {
        return busy.isEmpty() && acceptor.isAtRest();
    }

    @Override
    public void close() {
        acceptor.close();
        free.clear();
        busy.clear();
    }
}
