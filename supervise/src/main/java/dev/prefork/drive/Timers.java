package dev.prefork.drive;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Timers of which there is one of a name at a time: what is due of one that has been started anew
 * or cancelled is not done, however late that was. All but the clock belongs to the owner's thread.
 */
final class Timers {
    private final Consumer<Runnable> owner;
    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("prefork-timers").daemon().factory());
    private final Map<Object, Timer> running = new HashMap<>();

    /** By its identity. */
    private static final class Timer {
        final Object name;
        final Runnable due;
        Future<?> future;

        Timer(Object name, Runnable due) {
            this.name = name;
            this.due = due;
        }
    }

    /**
     * None is running.
     *
     * @param owner runs what is due on the owner's thread; called on the clock's, where nobody else
     *     hears of what it throws
     */
    Timers(Consumer<Runnable> owner) {
        this.owner = owner;
    }

    /** In place of the one of this name, if it runs. */
    void start(Object name, Duration time, Runnable due) {
        cancel(name);
        Timer timer = new Timer(name, due);
        timer.future =
                clock.schedule(
                        () -> owner.accept(() -> isDue(timer)),
                        time.toMillis(),
                        TimeUnit.MILLISECONDS);
        running.put(name, timer);
    }

    private void isDue(Timer timer) {
        if (running.remove(timer.name, timer)) {
            timer.due.run();
        }
    }

    void cancel(Object name) {
        Timer timer = running.remove(name);
        if (timer != null) {
            timer.future.cancel(false);
        }
    }

    int count() {
        return running.size();
    }

    void close() {
        clock.shutdownNow();
        running.clear();
    }
}
