package dev.prefork.events;

import dev.prefork.end.LastWords;
import dev.prefork.log.LazyLogger;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * The thread {@code cluster-events}, on which all listeners run, one at a time: a slow listener
 * delays other listeners, never the loop that accepts connections.
 *
 * <p>It exists while there is something to tell, and while somebody {@link #hold}s it, as a live
 * worker does. It is no daemon: it keeps the JVM running as a Node primary's handles do, and
 * threads that a listener starts are as those of any program. Safe for any thread.
 */
public final class EventThread implements Executor {
    private static final LazyLogger LOG = new LazyLogger(EventThread.class);

    private final Consumer<Throwable> broken;
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private int holders;
    private Thread thread;

    public EventThread() {
        this(fault -> LastWords.ofThisProcess().say("the thread of the cluster's events", fault));
    }

    /**
     * For tests.
     *
     * @param broken ends the process
     */
    EventThread(Consumer<Throwable> broken) {
        this.broken = broken;
    }

    @Override
    public synchronized void execute(Runnable task) {
        tasks.add(task);
        start();
        notifyAll();
    }

    /**
     * As {@link #execute}, of what keeps account of workers rather than of a listener: without it
     * nobody would be told any more, so that its fault ends the process (SPEC F11).
     */
    public void executeOrEnd(Runnable task) {
        execute(
                () -> {
                    try {
                        task.run();
                    } catch (Throwable fault) {
                        broken.accept(fault);
                    }
                });
    }

    /** From now on the JVM runs on, until {@link #release}. */
    public synchronized void hold() {
        holders++;
        start();
    }

    /** The contrary of {@link #hold}; what was handed in before still runs. */
    public synchronized void release() {
        holders--;
        notifyAll();
    }

    /** Whether the caller is a listener. */
    public boolean isCurrent() {
        Thread current = Thread.currentThread();
        synchronized (this) {
            return current == thread;
        }
    }

    private void start() {
        if (thread == null) {
            var _ = LastWords.ofThisProcess();
            Thread unstarted =
                    Thread.ofPlatform().name("cluster-events").daemon(false).unstarted(this::run);
            // Without room for a thread this throws, and the next event tries again.
            unstarted.start();
            thread = unstarted;
        }
    }

    private void run() {
        try {
            for (Runnable task = next(); task != null; task = next()) {
                guard(task);
            }
        } catch (Throwable fault) {
            broken.accept(fault);
        }
    }

    /** Waits for a task; null when nobody wants the thread any more, which has then ended. */
    private synchronized Runnable next() {
        while (tasks.isEmpty() && holders > 0) {
            try {
                wait();
            } catch (InterruptedException tooLate) {
                // Nobody is told anything at the moment.
            }
        }
        Runnable task = tasks.poll();
        if (task == null) {
            thread = null;
        }
        return task;
    }

    /** Runs a listener; what it throws is reported and stops nothing (SPEC C6). */
    static void guard(Runnable listener) {
        try {
            listener.run();
        } catch (Throwable fault) {
            report(fault);
        } finally {
            // An interrupt was meant for this listener, which is over.
            var _ = Thread.interrupted();
        }
    }

    private static void report(Throwable fault) {
        try {
            LOG.get().log(System.Logger.Level.ERROR, "a listener threw", fault);
        } catch (Throwable unreported) {
            // A log that cannot be written must not cost the events that follow.
        }
    }
}
