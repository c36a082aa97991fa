package dev.prefork.events;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The thread {@code cluster-events}, on which all listeners run, one at a time: a slow listener
 * delays other listeners, never the loop that accepts connections. Does not keep the JVM alive by
 * itself.
 */
public final class EventThread implements Executor {
    private static final System.Logger LOG = System.getLogger(EventThread.class.getName());

    private final ExecutorService executor =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().name("cluster-events").daemon().factory());

    private final Runnable begin;
    private final Runnable end;

    /** A thread whose tasks may be dropped at the end of the JVM. */
    public EventThread() {
        this(() -> {}, () -> {});
    }

    /**
     * Creates the thread.
     *
     * @param begin called when a task is handed in, on the caller's thread
     * @param end called when it has run: what lies between must keep the JVM alive
     */
    public EventThread(Runnable begin, Runnable end) {
        this.begin = begin;
        this.end = end;
    }

    @Override
    public void execute(Runnable task) {
        begin.run();
        executor.execute(
                () -> {
                    guard(task);
                    end.run();
                });
    }

    /** Runs a listener; what it throws is reported and stops nothing (SPEC C6). */
    static void guard(Runnable listener) {
        try {
            listener.run();
        } catch (Throwable fault) {
            LOG.log(System.Logger.Level.ERROR, "a listener threw", fault);
        }
    }
}
