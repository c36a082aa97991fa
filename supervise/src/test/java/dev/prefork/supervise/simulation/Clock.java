package dev.prefork.supervise.simulation;

import dev.prefork.supervise.Event;
import dev.prefork.supervise.WorkerEvent;
import dev.prefork.supervise.WorkerState;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Time that goes as far as it is told, and what is due. */
final class Clock {
    /** Something that is due. */
    record Timer(long due, Event event) {}

    /** There is one of each. */
    private sealed interface Key {
        record State(int worker) implements Key {}

        record Deadline(int worker) implements Key {}

        record Settling() implements Key {}

        record Counting() implements Key {}
    }

    private final Map<Key, Timer> timers = new LinkedHashMap<>();
    private long now;

    long now() {
        return now;
    }

    long after(Duration time) {
        return now + time.toNanos();
    }

    void passes(long until) {
        now = until;
    }

    // Timers.

    void startTimer(int worker, WorkerState state, Duration time) {
        Event event = new Event.OfWorker(worker, new WorkerEvent.TimedOut(state));
        start(new Key.State(worker), time, event);
    }

    void startDeadline(int worker, Duration time) {
        Event event = new Event.OfWorker(worker, new WorkerEvent.Overdue());
        start(new Key.Deadline(worker), time, event);
    }

    void startSettling(Duration time) {
        start(new Key.Settling(), time, new Event.Settled());
    }

    void startCounting(Duration time) {
        start(new Key.Counting(), time, new Event.Counted());
    }

    private void start(Key key, Duration time, Event event) {
        timers.put(key, new Timer(after(time), event));
    }

    boolean isCounting() {
        return timers.containsKey(new Key.Counting());
    }

    boolean hasTimer(int worker) {
        return timers.containsKey(new Key.State(worker));
    }

    boolean hasDeadline(int worker) {
        return timers.containsKey(new Key.Deadline(worker));
    }

    void forget(int worker) {
        timers.remove(new Key.State(worker));
        timers.remove(new Key.Deadline(worker));
    }

    Optional<Timer> next() {
        Timer next = null;
        for (Timer timer : timers.values()) {
            if (next == null || timer.due() < next.due()) {
                next = timer;
            }
        }
        return Optional.ofNullable(next);
    }

    void isOver(Timer timer) {
        now = Math.max(now, timer.due());
        timers.values().remove(timer);
    }
}
