package dev.prefork.listen;

import dev.prefork.posix.Fd;

import java.time.Duration;
import java.util.Optional;

/** The one connection that a lane has handed on and that is not acknowledged yet, if any. */
final class UnderWay {
    private Fd connection;
    private long sinceNanos;

    boolean isEmpty() {
        return connection == null;
    }

    void set(Fd handed) {
        connection = handed;
        sinceNanos = System.nanoTime();
    }

    /** Takes our copy of it; the caller's from now on. */
    Optional<Fd> settle() {
        Optional<Fd> settled = Optional.ofNullable(connection);
        connection = null;
        return settled;
    }

    boolean isOlderThan(Duration age) {
        return connection != null && System.nanoTime() - sinceNanos > age.toNanos();
    }
}
