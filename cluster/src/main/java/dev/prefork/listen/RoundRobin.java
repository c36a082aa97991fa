package dev.prefork.listen;

import dev.prefork.AcceptShortage;
import dev.prefork.loop.EventLoop;
import dev.prefork.posix.Errno;
import dev.prefork.posix.Fd;
import dev.prefork.posix.PosixException;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * SCHED_RR: the primary accepts and hands each connection to the filler whose turn it is, which
 * {@link Chooser} knows, or a {@link Balancing}.
 *
 * <p>One that has not acknowledged its last connection gets no other (SPEC A4); when all are busy,
 * connections wait here in the order in which they came.
 */
final class RoundRobin implements Spread, FedLane.Feeder {
    /**
     * A filler that has not looked at its connection for so long loses it to a free one (SPEC D2).
     */
    static final Duration STALLED_AFTER = Duration.ofMillis(500);

    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    private final EventLoop loop;
    private final HandoffRoom room;
    private final Shortage shortage;
    private final String key;
    private final Acceptor acceptor;
    private final Chooser chooser;
    private final Matching matching;
    private boolean watchingForStalls;
    private boolean lookingAgain;

    /**
     * Of no lanes yet.
     *
     * @param balancing who gets what; empty: as the chooser says
     */
    RoundRobin(
            EventLoop loop,
            HandoffRoom room,
            Shortage shortage,
            String key,
            ListenSocket socket,
            Optional<Balancing<?>> balancing)
            throws PosixException {
        this.loop = loop;
        this.room = room;
        this.shortage = shortage;
        this.key = key;
        this.chooser = new Chooser(loop::nanoTime);
        this.acceptor = new Acceptor(loop, socket, key, shortage, this::distribute);
        this.matching =
                balancing.isPresent()
                        ? new Balanced<>(loop, acceptor, chooser, balancing.get())
                        : new InOrder(acceptor, chooser);
    }

    @Override
    public Lane open(Filler filler, boolean mayHandOff) throws PosixException {
        return FedLane.open(loop, filler, key, mayHandOff, room, this);
    }

    @Override
    public void begin(Lane lane) {
        matching.joins((FedLane) lane);
        freed((FedLane) lane);
    }

    @Override
    public void end(Lane lane) {
        chooser.remove((FedLane) lane);
        matching.leaves((FedLane) lane);
        // For the others, if it was waited for.
        distribute();
    }

    private void distribute() {
        for (var next = matching.next(); next.isPresent(); next = matching.next()) {
            FedLane lane = next.get();
            chooser.handed(lane);
            lane.hand(matching.take());
            if (!lane.underWay().isEmpty()) {
                watchForStalls();
            }
        }
        lookAgain();
    }

    /** What is held back is not so for ever. */
    private void lookAgain() {
        Optional<Duration> time = matching.asksAgainIn();
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
    public void taken(FedLane lane) {
        matching.taken(lane);
    }

    @Override
    public void done(FedLane lane, int connections) {
        matching.done(lane, connections);
    }

    @Override
    public void hasClosedSome() {
        // It may be its turn now.
        distribute();
    }

    @Override
    public void returned(Fd connection) {
        matching.returned(connection);
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
        // Those that wait for one of them do so no longer.
        distribute();
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
        matching.close();
        chooser.clear();
    }
}
