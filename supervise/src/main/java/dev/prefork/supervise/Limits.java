package dev.prefork.supervise;

import java.time.Duration;
import java.util.Optional;

/**
 * How long a worker may be in a state.
 *
 * @param drain for its connections to end
 * @param stop for its process to end after that
 * @param listen for a newcomer in a reload to listen
 */
public record Limits(Duration drain, Duration stop, Duration listen) {
    /** Most programs listen within a second or two. */
    static final Duration SILENCE = Duration.ofSeconds(10);

    /** Who has served for so long does not die of how it was started. */
    static final Duration STEADY = Duration.ofSeconds(60);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    Optional<Duration> of(WorkerState state) {
        return switch (state) {
            case STARTING -> Optional.of(SILENCE);
            case TRIAL -> Optional.of(listen);
            case READY -> Optional.of(STEADY);
            case DRAINING -> Optional.of(drain);
            case STOPPING, LOST -> Optional.of(stop);
            case WAITING, KILLED, GONE -> Optional.empty();
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
