package dev.prefork.events;

import dev.prefork.end.LastWords;
import dev.prefork.log.LazyLogger;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The thread {@code cluster-events}, on which all listeners run, one at a time: a slow listener
 * delays other listeners, never the loop that accepts connections.
 *
 * <p>It exists while there is something to tell, and while somebody {@link #hold}s it, as a live
 * worker does. It is no daemon: it keeps the JVM running as a Node primary's handles do, and
 * threads that a listener starts are as those of any program. While the JVM ends, and a listener
 * waits for that in System.exit, another thread takes its place ({@link Relief}). Safe for any
 * thread.
 */
public final class EventThread implements Executor {
    private static final LazyLogger LOG = new LazyLogger(EventThread.class);

    private final Consumer<Throwable> broken;
    private ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private int holders;
    private boolean isAbandoned;
    private volatile Thread thread;

    /** The thread's: what it has taken and not yet run. */
    private ArrayDeque<Runnable> batch = new ArrayDeque<>();

    /** Whether the caller is the thread that events come from. */
    private volatile BooleanSupplier onSource = () -> false;

    /** The thread's: whether what it runs now, one or several tasks, has helped the loop. */
    private boolean helped;

    /** The thread has nothing to do, and must be told when it has. */
    private boolean waits;

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
        wake();
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
        wake();
    }

    /** Whoever holds it now or later does not keep the JVM running any more. */
    public synchronized void abandon() {
        isAbandoned = true;
        wake();
    }

    /** Names the thread that events come from, which must not wait for one either. */
    public void comesFrom(BooleanSupplier isSource) {
        onSource = isSource;
    }

    /** Whether the caller is that thread. */
    boolean isOnSource() {
        return onSource.getAsBoolean();
    }

    /** Whether the caller is a listener. */
    public boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    /**
     * Whether the caller does the loop's work for what it hands in: a listener, with the first
     * thing since the thread has looked for tasks. An answer so goes out without another thread,
     * and of many at once only the first goes alone: the rest is written together by the loop.
     */
    public boolean helps() {
        if (!isCurrent() || helped) {
            return false;
        }
        helped = true;
        return true;
    }

    private void start() {
        if (thread == null) {
            var _ = LastWords.ofThisProcess();
            Thread unstarted =
                    Thread.ofPlatform().name("cluster-events").daemon(false).unstarted(this::run);
            // Without room for a thread this throws, and the next event tries again.
            unstarted.start();
            thread = unstarted;
            Relief.mayBeNeededBy(this);
        }
    }

    /** If a listener stands in System.exit another thread goes on, with what comes behind it. */
    synchronized void relieve() {
        if (thread != null && Relief.isExiting(thread)) {
            thread = null;
            start();
        }
    }

    private void wake() {
        if (waits) {
            waits = false;
            notifyAll();
        }
    }

    private void run() {
        try {
            do {
                helped = false;
                for (Runnable task = batch.poll(); task != null; task = batch.poll()) {
                    guard(task);
                }
            } while (next());
        } catch (Throwable fault) {
            broken.accept(fault);
        }
    }

    /**
     * Waits for tasks and takes all that are here; false when nobody wants the thread any more,
     * which has then ended.
     */
    private synchronized boolean next() {
        while (tasks.isEmpty() && holders > 0 && !isAbandoned) {
            waits = true;
            try {
                wait();
            } catch (InterruptedException tooLate) {
                // Nobody is told anything at the moment.
            }
            waits = false;
        }
        if (tasks.isEmpty()) {
            thread = null;
            Relief.isNotNeededBy(this);
            return false;
        }
        ArrayDeque<Runnable> done = batch;
        batch = tasks;
        tasks = done;
        return true;
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

    static void report(Throwable fault) {
        try {
            LOG.get().log(System.Logger.Level.ERROR, "a listener threw", fault);
        } catch (Throwable unreported) {
            // A log that cannot be written must not cost the events that follow.
        }
    }
}
