package dev.prefork.listen;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Which lane gets the next connection: a free one with the fewest open connections, and among those
 * the one whose turn was longest ago. Where a filler does not tell how many are open, all go by
 * turn alone.
 *
 * <p>A busy lane with fewer is waited for, else whoever acknowledges faster would have most of the
 * connections that stay. The time for that is rationed, as it is lost where connections are short
 * and a worker is stopped or slow: {@link #PATIENCE} at first, and a tenth of the time that passes.
 *
 * <pre>
 *   FREE ── handed ──▶ BUSY ── freed ──▶ FREE
 *                        └── aside ──▶ ASIDE ── freed ──▶ FREE
 * </pre>
 */
final class Chooser {
    /** For so long at most connections are held back for busy fillers. */
    static final Duration PATIENCE = Duration.ofMillis(250);

    /** So many at most: with more there is no patience left. */
    static final int MOST_HELD_BACK = 64;

    /** Patience comes back in so many times the time that it was used in. */
    private static final int RECOVERY = 10;

    private enum Standing {
        /** May get a connection. */
        FREE,
        /** Has one under way. */
        BUSY,
        /** Gets none for the time being. */
        ASIDE
    }

    private static final class Seat {
        final FedLane lane;
        Standing standing = Standing.ASIDE;
        long lastTurn;

        Seat(FedLane lane) {
            this.lane = lane;
        }

        boolean isFree() {
            return standing == Standing.FREE && lane.isActive();
        }
    }

    private final LongSupplier nanoTime;
    private final Map<FedLane, Seat> seats = new LinkedHashMap<>();
    private boolean allTell = true;
    private long turns;
    private boolean holdsBack;
    private long patienceNanos = PATIENCE.toNanos();
    private long lastLookNanos;

    /**
     * Of no lanes yet.
     *
     * @param nanoTime as {@link System#nanoTime}
     */
    Chooser(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.lastLookNanos = nanoTime.getAsLong();
    }

    /** It may get a connection. */
    void freed(FedLane lane) {
        seats.computeIfAbsent(lane, this::seat).standing = Standing.FREE;
    }

    private Seat seat(FedLane lane) {
        allTell &= tells(lane);
        return new Seat(lane);
    }

    private static boolean tells(FedLane lane) {
        return lane.open() != FedLane.UNTOLD;
    }

    /** It has got one. */
    void handed(FedLane lane) {
        Seat seat = seats.get(lane);
        seat.standing = Standing.BUSY;
        seat.lastTurn = ++turns;
    }

    /** It gets none until it is freed. */
    void aside(FedLane lane) {
        Seat seat = seats.get(lane);
        if (seat != null) {
            seat.standing = Standing.ASIDE;
        }
    }

    /** It gets none any more. */
    void remove(FedLane lane) {
        seats.remove(lane);
        allTell = seats.keySet().stream().allMatch(Chooser::tells);
    }

    void clear() {
        seats.clear();
    }

    boolean isFree(FedLane lane) {
        Seat seat = seats.get(lane);
        return seat != null && seat.isFree();
    }

    boolean hasFree() {
        return seats.values().stream().anyMatch(Seat::isFree);
    }

    /** A free one with the fewest, whoever is busy with fewer; empty if none is free. */
    Optional<FedLane> fewestOfTheFree() {
        return Optional.ofNullable(firstOfTheFree()).map(seat -> seat.lane);
    }

    /** Those that have one under way. */
    List<FedLane> busy() {
        return seats.values().stream()
                .filter(seat -> seat.standing == Standing.BUSY)
                .map(seat -> seat.lane)
                .toList();
    }

    /**
     * While connections wait though a lane is free: when to ask again at the latest. Else empty.
     */
    Optional<Duration> holdsBackFor() {
        return holdsBack ? Optional.of(Duration.ofNanos(patienceNanos)) : Optional.empty();
    }

    /**
     * The lane for the connection that has waited longest; empty when it is to wait.
     *
     * @param waiting how many there are
     */
    Optional<FedLane> next(int waiting) {
        if (holdsBack) {
            lookAtTheClock();
        }
        Seat first = firstOfTheFree();
        if (first != null && isToWaitForAnother(first, waiting)) {
            return Optional.empty();
        }
        holdsBack = false;
        return Optional.ofNullable(first).map(seat -> seat.lane);
    }

    private Seat firstOfTheFree() {
        Seat first = null;
        for (Seat seat : seats.values()) {
            if (seat.isFree() && (first == null || goesBefore(seat, first))) {
                first = seat;
            }
        }
        return first;
    }

    private boolean goesBefore(Seat one, Seat other) {
        int fewer = allTell ? Integer.compare(one.lane.open(), other.lane.open()) : 0;
        return fewer == 0 ? one.lastTurn < other.lastTurn : fewer < 0;
    }

    private boolean isToWaitForAnother(Seat first, int waiting) {
        if (!allTell) {
            return false;
        }
        for (Seat seat : seats.values()) {
            if (seat.standing == Standing.BUSY
                    && seat.lane.open() < first.lane.open()
                    && seat.lane.isActive()) {
                return mayHoldBack(waiting);
            }
        }
        return false;
    }

    private boolean mayHoldBack(int waiting) {
        if (!holdsBack) {
            lookAtTheClock();
        }
        if (waiting > MOST_HELD_BACK) {
            patienceNanos = 0;
        }
        holdsBack = patienceNanos > 0;
        return holdsBack;
    }

    private void lookAtTheClock() {
        long now = nanoTime.getAsLong();
        long passed = now - lastLookNanos;
        lastLookNanos = now;
        long changed = patienceNanos + (holdsBack ? -passed : passed / RECOVERY);
        patienceNanos = Math.clamp(changed, 0, PATIENCE.toNanos());
    }
}
