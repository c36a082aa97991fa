package dev.prefork.listen;

import dev.prefork.loop.EventLoop;
import dev.prefork.posix.Fd;

import java.time.Duration;
import java.util.Optional;

/** The one connection that a lane has handed on and that is not acknowledged yet, if any. */
final class UnderWay {
    private final EventLoop loop;
    private Fd connection;
    private long sinceNanos;

    /**
     * Nothing yet.
     *
     * @param loop whose clock tells how long
     */
    UnderWay(EventLoop loop) {
        this.loop = loop;
    }

    boolean isEmpty() {
        return connection == null;
    }

    void set(Fd handed) {
        if (connection != null) {
            throw new IllegalStateException("two connections under way on one lane");
        }
        connection = handed;
        sinceNanos = loop.nanoTime();
    }

    /** Takes our copy of it; the caller's from now on. */
    Optional<Fd> settle() {
        Optional<Fd> settled = Optional.ofNullable(connection);
        connection = null;
        return settled;
    }

    boolean isOlderThan(Duration age) {
        return connection != null && loop.nanoTime() - sinceNanos > age.toNanos();
    }
}
