package dev.prefork.loop;

import dev.prefork.posix.EventFd;

import java.util.ArrayDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * Tasks on their way into a loop, in order, and the descriptor that wakes it up for them. Safe for
 * any thread, except {@link #isIdle} and {@link #run}, which are the loop's.
 */
final class TaskQueue {
    /** Held while it is used: nobody wakes a loop that has ended. */
    private final EventFd wake;

    /** Held to hand something in: once closed, no task comes that would not run. */
    private final Object gate = new Object();

    // Guarded by the gate: what was handed in, and whether the loop waits and must be woken for it.
    private ArrayDeque<Runnable> handedIn = new ArrayDeque<>();
    private boolean asleep;

    private volatile boolean closed;

    /** The loop's: what was handed in before the turn began, and has not run yet. */
    private ArrayDeque<Runnable> batch = new ArrayDeque<>();

    TaskQueue(EventFd wake) {
        this.wake = wake;
    }

    /**
     * Hands it in.
     *
     * @return whether the loop waits, and the caller must see to it that it is run
     */
    boolean add(Runnable task) {
        synchronized (gate) {
            if (closed) {
                throw new RejectedExecutionException("the event loop is closed");
            }
            handedIn.add(task);
            boolean wakes = asleep;
            asleep = false;
            return wakes;
        }
    }

    /** Not at the gate: the loop, awake at once, would find it held. */
    void wakeUp() {
        synchronized (wake) {
            if (wake.isOpen()) {
                wake.set();
            }
        }
    }

    /** From now on nothing can be handed in; wakes the loop to let it see that. */
    void close() {
        synchronized (gate) {
            closed = true;
        }
        wakeUp();
    }

    boolean isClosed() {
        return closed;
    }

    /** Whether nothing is here that is to run: then the next that comes wakes the loop. */
    boolean isIdle() {
        synchronized (gate) {
            asleep = batch.isEmpty() && handedIn.isEmpty();
            return asleep;
        }
    }

    /**
     * Runs those that are here now, and not too many: a task that hands in the next must not keep
     * descriptors waiting.
     */
    void run(int most, Consumer<Runnable> runner) {
        if (batch.isEmpty()) {
            synchronized (gate) {
                ArrayDeque<Runnable> done = batch;
                batch = handedIn;
                handedIn = done;
                asleep = false;
            }
        }
        for (int i = 0; i < most && !batch.isEmpty(); i++) {
            runner.accept(batch.remove());
        }
    }

    /** The loop has ended. */
    void release() {
        synchronized (gate) {
            closed = true;
        }
        synchronized (wake) {
            wake.close();
        }
    }
}
