package dev.prefork.listen;

import dev.prefork.AcceptShortage;
import dev.prefork.loop.EventLoop;
import dev.prefork.posix.Errno;
import dev.prefork.posix.Fd;
import dev.prefork.posix.PosixException;

import java.time.Duration;
import java.util.Optional;

/**
 * SCHED_RR: the primary accepts and hands each connection to the filler whose turn it is ({@link
 * Chooser}).
 *
 * <p>One that has not acknowledged its last connection gets no other (SPEC A4); when all are busy,
 * connections wait here in the order in which they came.
 */
final class RoundRobin implements Spread, FedLane.Feeder {
    /**
     * A filler that has not looked at its connection for so long loses it to a free one (SPEC D2).
     */
    private static final Duration STALLED_AFTER = Duration.ofMillis(500);

    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    private final EventLoop loop;
    private final HandoffRoom room;
    private final Shortage shortage;
    private final String key;
    private final Acceptor acceptor;
    private final Chooser chooser;
    private boolean watchingForStalls;
    private boolean lookingAgain;

    RoundRobin(EventLoop loop, HandoffRoom room, Shortage shortage, String key, ListenSocket socket)
            throws PosixException {
        this.loop = loop;
        this.room = room;
        this.shortage = shortage;
        this.key = key;
        this.chooser = new Chooser(loop::nanoTime);
        this.acceptor = new Acceptor(loop, socket, key, shortage, this::distribute);
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
        chooser.remove((FedLane) lane);
        // For the others, if it was waited for.
        distribute();
    }

    private void distribute() {
        while (acceptor.hasWaiting()) {
            Optional<FedLane> lane = chooser.next(acceptor.waiting());
            if (lane.isEmpty()) {
                lookAgain();
                return;
            }
            chooser.handed(lane.get());
            lane.get().hand(acceptor.take().orElseThrow());
            if (!lane.get().underWay().isEmpty()) {
                watchForStalls();
            }
        }
    }

    /** What is held back is not so for ever. */
    private void lookAgain() {
        Optional<Duration> time = chooser.holdsBackFor();
        if (time.isPresent() && !lookingAgain) {
            lookingAgain = true;
            loop.schedule(
                    time.get(),
                    () -> {
                        lookingAgain = false;
                        distribute();
                    });
        }
    }

    @Override
    public void freed(FedLane lane) {
        if (lane.isActive()) {
            chooser.freed(lane);
            distribute();
        } else {
            chooser.remove(lane);
        }
    }

    @Override
    public void hasClosedSome() {
        // It may be its turn now.
        distribute();
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
        chooser.aside(lane);
        loop.schedule(lane.pause().next(), () -> freed(lane));
    }

    private void watchForStalls() {
        if (!watchingForStalls) {
            watchingForStalls = true;
            loop.schedule(LOOK_EVERY, this::reclaimStalled);
        }
    }

    private void reclaimStalled() {
        watchingForStalls = false;
        for (FedLane lane : chooser.busy()) {
            // Without another filler to serve it, a connection is where it belongs.
            if (lane.underWay().isOlderThan(STALLED_AFTER) && chooser.hasFree()) {
                lane.reclaim();
            }
        }
        // One that was reclaimed waits for the answer to its probe, or for its pause.
        for (FedLane lane : chooser.busy()) {
            if (lane.underWay().isEmpty()) {
                chooser.aside(lane);
            }
        }
        if (!chooser.busy().isEmpty()) {
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
        return chooser.busy().isEmpty() && acceptor.isAtRest();
    }

    @Override
    public void close() {
        acceptor.close();
        chooser.clear();
    }
}
