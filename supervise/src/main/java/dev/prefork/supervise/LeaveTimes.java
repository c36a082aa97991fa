package dev.prefork.supervise;

import java.time.Duration;
import java.util.Optional;

/**
 * How long a leave may take: all of it, and the part that connections may take before SIGTERM.
 *
 * @param drain for connections
 * @param total until SIGKILL
 */
public record LeaveTimes(Duration drain, Duration total) {
    private static final Duration TOTAL = Duration.ofSeconds(30);

    /** What shutdown hooks need, if nobody says how long the whole may take. */
    private static final Duration HOOKS = Duration.ofSeconds(10);

    /** The hooks' share of a total that somebody has said. */
    private static final int SHARE_OF_HOOKS = 3;

    /** What was said, and what follows from it. */
    public static LeaveTimes of(Optional<Duration> drain, Optional<Duration> total) {
        Duration whole = total.orElseGet(() -> longest(TOTAL, drain.map(HOOKS::plus)));
        return new LeaveTimes(
                drain.orElseGet(() -> whole.minus(whole.dividedBy(SHARE_OF_HOOKS))), whole);
    }

    private static Duration longest(Duration one, Optional<Duration> other) {
        return other.filter(time -> time.compareTo(one) > 0).orElse(one);
    }

    /** Whether there is any time in which both can be true. */
    public boolean isPossible() {
        return drain.compareTo(total) <= 0;
    }
}
