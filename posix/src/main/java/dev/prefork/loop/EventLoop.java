package dev.prefork.loop;

import dev.prefork.posix.Epoll;
import dev.prefork.posix.EventFd;
import dev.prefork.posix.PosixException;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * One thread that owns descriptors: calls a handler when a descriptor is ready, runs tasks that
 * others hand in, and timers.
 *
 * <p>The caller brings the thread: it runs {@link #run} until {@link #close}. Everything is for
 * that thread alone, except {@link #execute}, {@link #executeAtOnce}, {@link #inLoop}, {@link
 * #faults} and {@link #close}, which are safe for any. What a handler or task throws goes to the
 * {@code faults} consumer, what that throws to the thread's handler of uncaught exceptions, and
 * neither ends the loop.
 *
 * <p>While it waits, a {@link #helpedBy helper} may take its place to run what it hands in: "on the
 * loop's thread" then is that one, and there is never more than one at a time.
 *
 * <p>A loop that ends unasked, because epoll or what tells its faults has failed, says so to the
 * {@code broken} consumer: a process that lives by it should end as well.
 */
public final class EventLoop implements Runnable, Executor, AutoCloseable {
    /** Called on the loop's thread with the {@link Epoll} event bits that are set. */
    @FunctionalInterface
    public interface Handler {
        void ready(int events) throws Exception;
    }

    /** A descriptor being watched. Belongs to the loop's thread. */
    public final class Watch {
        private final int descriptor;
        private final long tag;
        private final Handler handler;
        private int interest;
        private boolean active = true;

        private Watch(int descriptor, int interest, Handler handler) {
            this.descriptor = descriptor;
            this.interest = interest;
            this.handler = handler;
            this.tag = ++lastTag;
        }

        /** Changes what is waited for; 0 waits for nothing but errors. */
        public void interest(int wanted) throws PosixException {
            if (active && wanted != interest) {
                epoll.change(descriptor, wanted, tag);
                interest = wanted;
            }
        }

        /** Ends the watch. Must come before the descriptor is closed. */
        public void cancel() throws PosixException {
            if (active) {
                active = false;
                watches.remove(tag);
                epoll.remove(descriptor);
            }
        }
    }

    private static final long WAKE_TAG = 0;

    /** So many tasks in a row before descriptors and timers get their turn. */
    private static final int TASKS_PER_TURN = 1024;

    private final Epoll epoll;
    private final TaskQueue tasks;
    private final Consumer<Throwable> faults;
    private final Consumer<Throwable> broken;
    private final AtomicLong faultCount = new AtomicLong();
    private final Map<Long, Watch> watches = new HashMap<>();
    private final Timers timers;
    private final Consumer<Runnable> runner = this::run;
    private final ArrayDeque<Runnable> afterStep = new ArrayDeque<>();
    private final LateFuture<Void> finished = new LateFuture<>();

    /** Whoever holds it is the loop: its thread, but for the time that it waits, or a helper. */
    private final ReentrantLock turn = new ReentrantLock();

    private volatile BooleanSupplier helps = () -> false;
    private long lastTag = WAKE_TAG;

    /** What the loop's thread waits for at most; null: it waits for no timer. */
    private Timer awaited;

    private EventLoop(
            Epoll epoll,
            EventFd wake,
            Consumer<Throwable> faults,
            Consumer<Throwable> broken,
            LongSupplier clock) {
        this.epoll = epoll;
        this.timers = new Timers(clock);
        this.tasks = new TaskQueue(wake);
        this.faults = faults;
        this.broken = broken;
    }

    /** A loop that tells its own unasked end as it tells a handler's fault. */
    public static EventLoop open(Consumer<Throwable> faults) throws PosixException {
        return open(faults, faults);
    }

    /**
     * A loop that {@link #run} will drive.
     *
     * @param faults told what a handler or task has thrown
     * @param broken told once, on the loop's thread, why the loop ends though nobody has asked it
     *     to; from then on nothing can be handed in
     */
    public static EventLoop open(Consumer<Throwable> faults, Consumer<Throwable> broken)
            throws PosixException {
        return open(faults, broken, System::nanoTime);
    }

    /**
     * A loop with a clock of its own. It looks at the clock when something happens, and when a
     * timer would be due by the system's.
     *
     * @param clock as {@link System#nanoTime}
     */
    public static EventLoop open(
            Consumer<Throwable> faults, Consumer<Throwable> broken, LongSupplier clock)
            throws PosixException {
        EventFd wake = EventFd.open();
        Epoll epoll = null;
        try {
            epoll = Epoll.open();
            // Told once for each time that it is set, so that nobody need clear it.
            epoll.add(wake.descriptor(), Epoll.READABLE | Epoll.EDGE, WAKE_TAG);
            return new EventLoop(epoll, wake, faults, broken, clock);
        } catch (PosixException | RuntimeException | Error noRoom) {
            wake.close();
            if (epoll != null) {
                epoll.close();
            }
            throw noRoom;
        }
    }

    /** Watches a descriptor, which must stay open until the watch is cancelled. */
    public Watch watch(int descriptor, int interest, Handler handler) throws PosixException {
        Watch watch = new Watch(descriptor, interest, handler);
        epoll.add(descriptor, interest, watch.tag);
        watches.put(watch.tag, watch);
        return watch;
    }

    /** Runs the task on the loop's thread after the delay. */
    public Timer schedule(Duration delay, Runnable task) {
        return timers.add(delay, task);
    }

    /** The time of the loop's clock, which the timers go by. On the loop's thread. */
    public long nanoTime() {
        return timers.nanoTime();
    }

    /** How many timers wait. On the loop's thread. */
    int timers() {
        return timers.size();
    }

    /** Runs the task on the loop's thread, in the order of the calls. Safe for any thread. */
    @Override
    public void execute(Runnable task) {
        if (tasks.add(task)) {
            tasks.wakeUp();
        }
    }

    /**
     * As {@link #execute}; while the loop waits, a {@link #helpedBy helper} runs it here and now,
     * so that nobody need be woken for it. Safe for any thread.
     */
    public void executeAtOnce(Runnable task) {
        if (tasks.add(task) && !(helps.getAsBoolean() && help())) {
            tasks.wakeUp();
        }
    }

    /**
     * Names those who help.
     *
     * @param helps whether the calling thread does so now. It must be near the bottom of its stack:
     *     one that overflows within a task of the loop breaks what that was doing
     */
    public void helpedBy(BooleanSupplier helps) {
        this.helps = helps;
    }

    /** Runs what it has handed in; false when the loop's own thread must look after something. */
    private boolean help() {
        if (!turn.tryLock()) {
            return false;
        }
        try {
            // Its own is the first: there was none, or it would not be asked to help.
            runTasks(1);
            return tasks.isIdle() && timers.first() == awaited;
        } catch (Throwable reason) {
            tellBroken(reason);
            return false;
        } finally {
            turn.unlock();
        }
    }

    /**
     * Runs it at the end of the step that the loop is in: behind the tasks that are here now, or
     * behind what is done for descriptors and timers. What each of these would do is so done once
     * for all of them. On the loop's thread.
     */
    public void afterStep(Runnable task) {
        afterStep.add(task);
    }

    public boolean inLoop() {
        return turn.isHeldByCurrentThread();
    }

    /**
     * Ends {@link #run} once it has run the tasks that were handed in before; done when the future
     * is. Safe for any thread.
     */
    public CompletableFuture<Void> shutDown() {
        tasks.close();
        return finished.get();
    }

    /** As {@link #shutDown}, and waits for it, except on the loop's own thread. */
    @Override
    public void close() {
        CompletableFuture<Void> end = shutDown();
        if (!inLoop()) {
            end.join();
        }
    }

    @Override
    public void run() {
        turn.lock();
        try {
            while (!tasks.isClosed() || !tasks.isIdle()) {
                int ready = tasks.isClosed() ? 0 : await();
                // What another thread has asked for comes before what happened meanwhile: a worker
                // that is to get no more connections must not get the one that is arriving.
                runTasks(TASKS_PER_TURN);
                dispatch(ready);
                timers.run(runner);
                endStep();
            }
        } catch (Throwable reason) {
            // epoll itself failed, or not even a fault could be told: nothing that this loop owns
            // can go on.
            tellBroken(reason);
        } finally {
            tasks.release();
            epoll.close();
            turn.unlock();
            finished.complete(null);
        }
    }

    private void runTasks(int most) {
        tasks.run(most, runner);
        endStep();
    }

    /** First of all: with a full heap, the rest may not come to pass. */
    private void tellBroken(Throwable reason) {
        tasks.close();
        try {
            broken.accept(reason);
        } catch (Throwable untold) {
            leaveUncaught(untold, reason);
        }
    }

    private void dispatch(int count) {
        for (int i = 0; i < count; i++) {
            // A handler earlier in this batch may have ended the watch; its tag is then gone and
            // never comes again.
            Watch watch = watches.get(epoll.tag(i));
            // Or may have changed what is waited for.
            int wanted = watch == null ? 0 : watch.interest | Epoll.ERROR | Epoll.HANG_UP;
            int events = epoll.events(i) & wanted;
            if (events != 0) {
                guard(watch.handler, events);
            }
        }
    }

    private void endStep() {
        for (Runnable next = afterStep.poll(); next != null; next = afterStep.poll()) {
            run(next);
        }
    }

    private int await() throws PosixException {
        int millis = tasks.isIdle() ? timers.millisToFirst() : 0;
        if (millis == 0) {
            return epoll.await(0);
        }
        awaited = timers.first();
        turn.unlock();
        try {
            return epoll.await(millis);
        } finally {
            turn.lock();
        }
    }

    private void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable fault) {
            fault(fault);
        }
    }

    private void guard(Handler handler, int events) {
        try {
            handler.ready(events);
        } catch (Throwable fault) {
            fault(fault);
        }
    }

    /**
     * Tells a fault that must not stop what its finder is doing, as if a task had thrown it. On the
     * loop's thread.
     */
    public void fault(Throwable fault) {
        faultCount.incrementAndGet();
        try {
            faults.accept(fault);
        } catch (Throwable untold) {
            // A logger may need files, and find no descriptor. This is how a thread's end would be
            // told; but the loop goes on.
            leaveUncaught(untold, fault);
        }
    }

    private static void leaveUncaught(Throwable untold, Throwable fault) {
        if (!untold.equals(fault)) {
            untold.addSuppressed(fault);
        }
        Thread.currentThread()
                .getUncaughtExceptionHandler()
                .uncaughtException(Thread.currentThread(), untold);
    }

    /** How many faults there were so far, told or not. Safe for any thread. */
    public long faults() {
        return faultCount.get();
    }
}
