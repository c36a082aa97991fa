package dev.prefork.worker;

import dev.prefork.events.EventThread;
import dev.prefork.net.OpenServers;

import java.util.concurrent.CountDownLatch;

/**
 * The servers of a worker that is told to leave before it has served: nothing ever comes of such a
 * listen in Node, and the process ends with code 0. So their threads stay where they are and the
 * process ends, as an exception would end it with the program's code for a failure.
 *
 * <p>Not where something may need the thread: connections that are open, listeners, shutdown hooks.
 */
final class LateBinds {
    private final EventThread events;
    private final ProcessEnd processEnd;
    private boolean leaving;
    private boolean gone;
    private boolean awaited;

    LateBinds(EventThread events, ProcessEnd processEnd) {
        this.events = events;
        this.processEnd = processEnd;
    }

    /** From now on binds are refused. */
    synchronized void leaving() {
        leaving = true;
    }

    /**
     * The channel is closed.
     *
     * @return whether a thread waits for the end of the process
     */
    synchronized boolean gone() {
        leaving = true;
        gone = true;
        return awaited;
    }

    /** On the thread of a bind that comes too late: returns if that can fail, else never. */
    void await() {
        if (JvmEnd.hasBegun()
                || events.isCurrent()
                || OpenServers.ofThisProcess().everServed()
                || !begin()) {
            return;
        }
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException notWanted) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean begin() {
        if (leaving && gone && !awaited) {
            processEnd.exit(() -> {});
        }
        awaited = leaving;
        return leaving;
    }
}
