package dev.prefork.keep;

import dev.prefork.PoolException;
import dev.prefork.events.EventThread;
import dev.prefork.events.OneTimeEvent;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What has been promised of a pool, and is kept or broken on the event thread; what is still open
 * at the pool's end is broken. Safe for any thread.
 */
final class Promises {
    private final EventThread events;
    private final Set<OneTimeEvent<Void>> open = new HashSet<>();
    private PoolException end;

    Promises(EventThread events) {
        this.events = events;
    }

    /** A new one. */
    OneTimeEvent<Void> make() {
        OneTimeEvent<Void> made = new OneTimeEvent<>(events);
        synchronized (this) {
            if (end == null) {
                open.add(made);
            } else {
                made.cannotHappen(end);
            }
        }
        return made;
    }

    void keep(OneTimeEvent<Void> promise) {
        if (isTaken(promise)) {
            events.execute(() -> promise.fire(null));
        }
    }

    void breakIt(OneTimeEvent<Void> promise, String why) {
        if (isTaken(promise)) {
            events.execute(() -> promise.cannotHappen(new PoolException(why)));
        }
    }

    private synchronized boolean isTaken(OneTimeEvent<Void> promise) {
        return open.remove(promise);
    }

    /** Whether no more can be kept. */
    synchronized boolean areOver() {
        return end != null;
    }

    /** The pool has ended. */
    void over(String why) {
        List<OneTimeEvent<Void>> left;
        PoolException reason = new PoolException(why);
        synchronized (this) {
            end = reason;
            left = new ArrayList<>(open);
            open.clear();
        }
        events.execute(() -> left.forEach(promise -> promise.cannotHappen(reason)));
    }
}
