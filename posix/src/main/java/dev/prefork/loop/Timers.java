package dev.prefork.loop;

import java.time.Duration;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** A loop's timers, the first one first. Belongs to the loop's thread. */
final class Timers {
    private final TreeSet<Timer> waiting = new TreeSet<>();
    private final LongSupplier clock;
    private long last;

    /**
     * @param clock as {@link System#nanoTime}
     */
    Timers(LongSupplier clock) {
        this.clock = clock;
    }

    long nanoTime() {
        return clock.getAsLong();
    }

    Timer add(Duration delay, Runnable task) {
        Timer timer = new Timer(this, ++last, nanoTime() + delay.toNanos(), task);
        waiting.add(timer);
        return timer;
    }

    /** One that waits does so no more. */
    void remove(Timer timer) {
        waiting.remove(timer);
    }

    /** Null when there is none. */
    Timer first() {
        return waiting.isEmpty() ? null : waiting.first();
    }

    int size() {
        return waiting.size();
    }

    /** How long until the first one is due, rounded up; −1 when there is none. */
    int millisToFirst() {
        if (waiting.isEmpty()) {
            return -1;
        }
        long nanos = waiting.first().dueNanos - nanoTime();
        return nanos <= 0 ? 0 : (int) Math.min(Integer.MAX_VALUE, nanos / 1_000_000 + 1);
    }

    /** Runs those that are due now; one that they schedule waits for the next turn. */
    void run(Consumer<Runnable> runner) {
        long now = nanoTime();
        while (!waiting.isEmpty() && waiting.first().dueNanos - now <= 0) {
            runner.accept(waiting.pollFirst().task);
        }
    }
}
