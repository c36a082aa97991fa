package dev.prefork.listen;

import dev.prefork.AcceptShortage;
import dev.prefork.AcceptShortage.Where;
import dev.prefork.loop.EventLoop;
import dev.prefork.posix.Errno;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * That there is no room for another connection, on any address: told once for an episode, however
 * often it is met. Belongs to the loop's thread.
 */
final class Shortage {
    /** It comes and goes with each connection that ends, and is one episode all the same. */
    static final Duration OVER_AFTER = Duration.ofMinutes(1);

    private final EventLoop loop;
    private final Consumer<AcceptShortage> told;
    private boolean lasts;
    private long lastNanos;

    static {
        // Without descriptors no class can be loaded from a folder.
        var _ = new AcceptShortage(Where.PRIMARY, Errno.name(Errno.EMFILE));
    }

    Shortage(EventLoop loop, Consumer<AcceptShortage> told) {
        this.loop = loop;
        this.told = told;
    }

    /** A connection has to wait for this reason. */
    void met(Where where, int errno) {
        long now = loop.nanoTime();
        boolean isNew = !lasts || now - lastNanos > OVER_AFTER.toNanos();
        lasts = true;
        lastNanos = now;
        if (isNew) {
            told.accept(new AcceptShortage(where, Errno.name(errno)));
        }
    }
}
