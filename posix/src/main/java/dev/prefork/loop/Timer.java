package dev.prefork.loop;

/** A task that runs once, later, unless it is cancelled. Belongs to the loop's thread. */
public final class Timer implements Comparable<Timer> {
    final long dueNanos;
    final Runnable task;
    private final Timers timers;
    private final long order;

    Timer(Timers timers, long order, long dueNanos, Runnable task) {
        this.timers = timers;
        this.order = order;
        this.dueNanos = dueNanos;
        this.task = task;
    }

    public void cancel() {
        timers.remove(this);
    }

    @Override
    public int compareTo(Timer other) {
        int sooner = Long.signum(dueNanos - other.dueNanos);
        return sooner == 0 ? Long.compare(order, other.order) : sooner;
    }
}
