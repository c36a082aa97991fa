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
 * connections that stay. But never for long: not for one that has not answered for a while, and
 * when connections are held back for too long, or too many of them, the busy ones are passed over
 * for a time.
 *
 * <pre>
 *   FREE ── handed ──▶ BUSY ── freed ──▶ FREE
 *                        └── aside ──▶ ASIDE ── freed ──▶ FREE
 * </pre>
 */
final class Chooser {
    /** A filler that takes longer to acknowledge may be stopped, and is not waited for. */
    static final Duration OVERDUE = Duration.ofMillis(250);

    /** For so long at most connections are held back for a busy filler that answers. */
    static final Duration PATIENCE = Duration.ofMillis(500);

    /** So many at most. */
    static final int MOST_HELD_BACK = 64;

    /** Fillers that could not keep up are passed over for so long. */
    static final Duration PASSED_OVER = Duration.ofSeconds(1);

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
    private long holdsBackSince;
    private boolean passesOver;
    private long passesOverSince;

    /**
     * Of no lanes yet.
     *
     * @param nanoTime as {@link System#nanoTime}
     */
    Chooser(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
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

    boolean hasFree() {
        return seats.values().stream().anyMatch(Seat::isFree);
    }

    /** Those that have one under way. */
    List<FedLane> busy() {
        return seats.values().stream()
                .filter(seat -> seat.standing == Standing.BUSY)
                .map(seat -> seat.lane)
                .toList();
    }

    /** Whether connections wait though a lane is free; to be asked again after {@link #OVERDUE}. */
    boolean holdsBack() {
        return holdsBack;
    }

    /**
     * The lane for the connection that has waited longest; empty when it is to wait.
     *
     * @param waiting how many there are
     */
    Optional<FedLane> next(int waiting) {
        Seat first = firstOfTheFree();
        if (first != null && isToWaitForAnother(first, waiting)) {
            return Optional.empty();
        }
        holdsBack &= first != null && waiting > 1;
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
                    && seat.lane.isActive()
                    && !seat.lane.underWay().isOlderThan(OVERDUE)) {
                return mayHoldBack(waiting);
            }
        }
        return false;
    }

    private boolean mayHoldBack(int waiting) {
        long now = nanoTime.getAsLong();
        passesOver &= now - passesOverSince < PASSED_OVER.toNanos();
        if (passesOver) {
            return false;
        }
        if (!holdsBack) {
            holdsBack = true;
            holdsBackSince = now;
        }
        if (waiting > MOST_HELD_BACK || now - holdsBackSince > PATIENCE.toNanos()) {
            holdsBack = false;
            passesOver = true;
            passesOverSince = now;
        }
        return holdsBack;
    }
}
