package dev.prefork.cli;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * Tells a wish to end that comes twice from two of them. Ctrl-C reaches prefork from the terminal,
 * and a moment later from npm, which passes it on; so does a shell with SIGHUP. Only a later one is
 * that of somebody who is tired of waiting. Safe for any thread.
 */
final class Echoes {
    /** Longer than it takes to pass a signal on; as quickly nobody gets tired. */
    static final Duration COME_WITHIN = Duration.ofMillis(500);

    private final LongSupplier nanoTime;
    private OptionalLong first = OptionalLong.empty(); // guarded by this

    Echoes(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Whether a wish that comes now is the first one once more. */
    synchronized boolean isEcho() {
        long now = nanoTime.getAsLong();
        if (first.isEmpty()) {
            first = OptionalLong.of(now);
            return false;
        }
        return now - first.getAsLong() < COME_WITHIN.toNanos();
    }
}
