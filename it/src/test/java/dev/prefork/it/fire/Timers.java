package dev.prefork.it.fire;

import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;

/** What is to be done later, by the one thread that waits here. */
final class Timers {
    private final PriorityQueue<Later> later = new PriorityQueue<>();

    /**
     * A deed that is due.
     *
     * @param at by System.nanoTime()
     */
    private record Later(long at, Runnable deed) implements Comparable<Later> {
        @Override
        public int compareTo(Later other) {
            return Long.compare(at, other.at);
        }
    }

    void later(long millis, Runnable deed) {
        later.add(new Later(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis), deed));
    }

    /** Waits, and does meanwhile what is due. */
    void pause(long millis) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        do {
            long next = later.isEmpty() ? end : Math.min(end, later.peek().at());
            TimeUnit.NANOSECONDS.sleep(Math.max(0, next - System.nanoTime()));
            while (!later.isEmpty() && later.peek().at() <= System.nanoTime()) {
                later.remove().deed().run();
            }
        } while (System.nanoTime() < end);
    }

    /** Waits until nothing is left to be done. */
    void awaitLast() throws InterruptedException {
        while (!later.isEmpty()) {
            pause(TimeUnit.NANOSECONDS.toMillis(later.peek().at() - System.nanoTime()) + 1);
        }
    }
}
