package dev.prefork.listen;

import dev.prefork.loop.EventLoop;
import dev.prefork.posix.Fd;

import java.time.Duration;
import java.util.Optional;

/**
 * The one connection that a lane has handed on and that is not acknowledged yet, if any; and how
 * many there have been.
 */
final class UnderWay {
    private final EventLoop loop;
    private Fd connection;
    private long sinceNanos;
    private long handed;
    private long accepted;
    private long reoffered;

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

    void set(Fd next) {
        if (connection != null) {
            throw new IllegalStateException("two connections under way on one lane");
        }
        connection = next;
        handed++;
        sinceNanos = loop.nanoTime();
    }

    /** It is accepted; our copy is the caller's from now on. */
    Optional<Fd> accepted() {
        Optional<Fd> settled = take();
        accepted += settled.isPresent() ? 1 : 0;
        return settled;
    }

    /** It is for another one; our copy is the caller's from now on. */
    Optional<Fd> reoffered() {
        Optional<Fd> settled = take();
        reoffered += settled.isPresent() ? 1 : 0;
        return settled;
    }

    private Optional<Fd> take() {
        Optional<Fd> settled = Optional.ofNullable(connection);
        connection = null;
        return settled;
    }

    long countOfHanded() {
        return handed;
    }

    long countOfAccepted() {
        return accepted;
    }

    long countOfReoffered() {
        return reoffered;
    }

    boolean isOlderThan(Duration age) {
        return connection != null && loop.nanoTime() - sinceNanos > age.toNanos();
    }
}
