package dev.prefork.supervise;

import java.time.Duration;
import java.util.Optional;

/**
 * How long a worker may be in a state.
 *
 * @param drain for its connections to end, before SIGTERM
 * @param stop from the moment it is asked to leave until SIGKILL, which all of its leave has to fit
 *     (SPEC F5)
 * @param listen for a newcomer in a reload to listen
 * @param proof for a newcomer that listens to show that it goes on
 * @param silence for one that listens on nothing until it is believed that it means to
 */
public record Limits(
        Duration drain, Duration stop, Duration listen, Duration proof, Duration silence) {
    /** Who has served for so long does not die of how it was started. */
    static final Duration STEADY = Duration.ofSeconds(60);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final int MOST_DOUBLINGS = 10;

    /** Workers in a row have different pauses. */
    private static final int SPREAD = 8;

    Optional<Duration> of(WorkerState state, boolean hasListened) {
        return switch (state) {
            case STARTING -> Optional.of(silence);
            case TRIAL -> Optional.of(listen);
            case PROBATION -> Optional.of(hasListened ? proof : silence);
            case READY -> Optional.of(STEADY);
            case DRAINING -> Optional.of(drain);
            case LOST -> Optional.of(stop);
            // What ends STOPPING in any case is the leave's own time.
            case WAITING, STOPPING, KILLED, GONE -> Optional.empty();
        };
    }

    /**
     * How long a slot stays empty after so many deaths before serving: not at all after the first.
     * Up to a quarter shorter for some, so that those that died together do not start together.
     *
     * @param worker the one that is to come
     */
    static Duration pauseAfter(int deaths, int worker) {
        if (deaths <= 1) {
            return Duration.ZERO;
        }
        int doublings = Math.min(deaths - 2, MOST_DOUBLINGS);
        Duration pause = FIRST_PAUSE.multipliedBy(1L << doublings);
        Duration whole = pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
        return whole.minus(whole.multipliedBy(worker % SPREAD).dividedBy(4L * SPREAD));
    }
}
