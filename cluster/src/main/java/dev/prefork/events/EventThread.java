package dev.prefork.events;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The thread {@code cluster-events}, on which all listeners run, one at a time: a slow listener
 * delays other listeners, never the loop that accepts connections. Does not keep the JVM alive.
 */
public final class EventThread implements Executor {
    private static final System.Logger LOG = System.getLogger(EventThread.class.getName());

    private final ExecutorService executor =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().name("cluster-events").daemon().factory());

    @Override
    public void execute(Runnable task) {
        executor.execute(() -> guard(task));
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
