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
     */
    public static Duration pauseAfter(int deaths) {
        if (deaths <= 1) {
            return Duration.ZERO;
        }
        Duration pause = FIRST_PAUSE;
        for (int i = 2; i < deaths && pause.compareTo(LONGEST_PAUSE) < 0; i++) {
            pause = pause.multipliedBy(2);
        }
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }
}
