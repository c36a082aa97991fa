package dev.prefork.loop;

import java.util.TreeSet;
import java.util.function.Consumer;

/** A loop's timers, the first one first. Belongs to the loop's thread. */
final class Timers {
    private final TreeSet<EventLoop.Timer> waiting = new TreeSet<>();

    void add(EventLoop.Timer timer) {
        waiting.add(timer);
    }

    /** One that waits does so no more. */
    void remove(EventLoop.Timer timer) {
        waiting.remove(timer);
    }

    int size() {
        return waiting.size();
    }

    /** How long until the first one is due, rounded up; −1 when there is none. */
    int millisToFirst() {
        if (waiting.isEmpty()) {
            return -1;
        }
        long nanos = waiting.first().dueNanos - System.nanoTime();
        return nanos <= 0 ? 0 : (int) Math.min(Integer.MAX_VALUE, nanos / 1_000_000 + 1);
    }

    /** Runs those that are due now; one that they schedule waits for the next turn. */
    void run(Consumer<Runnable> runner) {
        long now = System.nanoTime();
        while (!waiting.isEmpty() && waiting.first().dueNanos - now <= 0) {
            runner.accept(waiting.pollFirst().task);
        }
    }
}
