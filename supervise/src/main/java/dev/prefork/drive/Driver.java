package dev.prefork.drive;

import dev.prefork.supervise.Action;
import dev.prefork.supervise.Event;
import dev.prefork.supervise.Limits;
import dev.prefork.supervise.Notice;
import dev.prefork.supervise.Restart;
import dev.prefork.supervise.Status;
import dev.prefork.supervise.Supervisor;
import dev.prefork.supervise.WorkerEvent;
import dev.prefork.supervise.WorkerState;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.IntConsumer;

/**
 * Does what a {@link Supervisor} says with real workers, and tells it what happens to them. All of
 * it on the thread that calls {@link #run}; whatever happens elsewhere comes through one queue.
 */
public final class Driver implements Workers.Listener {
    /** Addresses that are said to be served within this time are told at once. */
    private static final Duration SETTLING = Duration.ofMillis(100);

    /** Who would add more waits, and with it the workers that have so much to tell. */
    private static final int MOST_THAT_WAIT = 10_000;

    /** Who is told what goes on; on the driver's thread unless it says something else. */
    public interface Onlooker {
        void told(Notice notice);

        /** After each event, whether it changed something or not. */
        void is(Status status);

        /** Stops this process, until somebody lets it go on. */
        void suspend();

        /**
         * Nothing is supervised any more: the process must not stay. On any thread, at any moment;
         * it does not return.
         */
        void broken(Throwable fault);
    }

    // What timers go by: how long a worker may be in its state, and how long its leave may take.

    private record StateOf(int worker) {}

    private record LeaveOf(int worker) {}

    private final Supervisor supervisor;
    private final Workers workers;
    private final Onlooker onlooker;
    private final BlockingQueue<Runnable> happened = new LinkedBlockingQueue<>(MOST_THAT_WAIT);
    private final Timers timers = new Timers(this::isDue);

    // By the supervisor's number of a worker, and by the cluster's.
    private final Map<Integer, Integer> ids = new HashMap<>();
    private final Map<Integer, Integer> numbers = new HashMap<>();
    private OptionalInt end = OptionalInt.empty();
    private volatile boolean isOver;

    /**
     * Nothing runs yet.
     *
     * @param surge how many new workers a reload may start before as many old ones have gone
     * @param restart who is replaced of those that end by themselves
     */
    public Driver(Limits limits, int surge, Restart restart, Workers workers, Onlooker onlooker) {
        this.supervisor = new Supervisor(limits, surge, restart);
        this.workers = workers;
        this.onlooker = onlooker;
    }

    /**
     * Runs so many workers until the end; returns the exit code.
     *
     * @param whenStarted is run when the first processes are started
     */
    public int run(int count, Runnable whenStarted) {
        try {
            workers.listen(this);
            carryOut(supervisor.start(count));
            onlooker.is(supervisor.status());
            whenStarted.run();
            while (end.isEmpty()) {
                happened.take().run();
            }
            timers.close();
            isOver = true;
            // Whoever waits for room to tell something is told by nobody that it is too late.
            happened.clear();
            return end.getAsInt();
        } catch (Throwable fault) {
            broken(fault);
            throw new IllegalStateException("the onlooker let it go on", fault);
        }
    }

    // What happens. Safe for any thread.

    /** A user asks for something. */
    public void ask(Event.Request request) {
        later(() -> tell(new Event.Asked(request)));
    }

    /** All shall leave, unless that was asked for before. */
    public void leave() {
        later(
                () -> {
                    if (!supervisor.status().ending()) {
                        tell(new Event.Asked(Event.Request.STOP));
                    }
                });
    }

    /** A user asks for so many workers, from 1. */
    public void scale(int count) {
        later(() -> tell(new Event.Scaled(count)));
    }

    /** Runs it on the driver's thread, after all that was asked before; not after the end. */
    public void then(Runnable task) {
        later(task);
    }

    @Override
    public void happened(int id, WorkerEvent event) {
        later(
                () ->
                        Optional.ofNullable(numbers.get(id))
                                .ifPresent(worker -> happenedTo(worker, event)));
    }

    @Override
    public void broken(Throwable fault) {
        onlooker.broken(fault);
    }

    private void later(Runnable task) {
        if (isOver) {
            return;
        }
        try {
            happened.put(task);
        } catch (Throwable lost) {
            broken(lost);
        }
    }

    // On the driver's thread.

    private void happenedTo(int worker, WorkerEvent event) {
        tell(new Event.OfWorker(worker, event));
        if (event instanceof WorkerEvent.Exited) {
            numbers.remove(ids.remove(worker));
            timers.cancel(new StateOf(worker));
            timers.cancel(new LeaveOf(worker));
        }
    }

    private void tell(Event event) {
        carryOut(supervisor.on(event));
        onlooker.is(supervisor.status());
    }

    // What is to be done.

    private void carryOut(List<Action> actions) {
        // Told after all is done: another worker of the same list may not be there yet.
        List<Event> answers = new ArrayList<>();
        for (Action action : actions) {
            switch (action) {
                case Action.Fork fork ->
                        answers.add(new Event.OfWorker(fork.worker(), answer(fork)));
                case Action.Disconnect(int worker) -> with(worker, workers::leave);
                case Action.Signal(int worker, String name) ->
                        with(worker, id -> workers.signal(id, name));
                case Action.StartTimer(int worker, WorkerState state, Duration time) ->
                        start(
                                new StateOf(worker),
                                time,
                                new Event.OfWorker(worker, new WorkerEvent.TimedOut(state)));
                case Action.StartDeadline(int worker, Duration time) ->
                        start(
                                new LeaveOf(worker),
                                time,
                                new Event.OfWorker(worker, new WorkerEvent.Overdue()));
                case Action.StartSettling() ->
                        start(Event.Settled.class, SETTLING, new Event.Settled());
                case Action.StartCounting(Duration time) ->
                        start(Event.Counted.class, time, new Event.Counted());
                case Action.KeepOnly(int generation) -> workers.keepOnly(generation);
                case Action.SettleSlot(int slot) -> workers.settle(slot);
                case Action.TakeNoMore() -> workers.takeNoMore();
                case Action.Suspend() -> onlooker.suspend();
                case Action.CloseSlot(int slot) -> workers.close(slot);
                case Action.Tell(Notice notice) -> onlooker.told(notice);
                case Action.End(int code) -> end = OptionalInt.of(code);
            }
        }
        answers.forEach(event -> carryOut(supervisor.on(event)));
    }

    /** Nothing for one that could not be forked. */
    private void with(int worker, IntConsumer action) {
        Optional.ofNullable(ids.get(worker)).ifPresent(action::accept);
    }

    private WorkerEvent answer(Action.Fork fork) {
        try {
            Workers.Started started = workers.fork(fork.slot(), fork.generation());
            ids.put(fork.worker(), started.id());
            numbers.put(started.id(), fork.worker());
            return new WorkerEvent.Forked(started.id(), started.pid());
        } catch (RuntimeException whateverItIs) {
            // Not only what fork() promises: it may read files that have gone meanwhile.
            return new WorkerEvent.NotForked(
                    Optional.ofNullable(whateverItIs.getMessage())
                            .orElseGet(whateverItIs::toString));
        }
    }

    private void start(Object timer, Duration time, Event event) {
        timers.start(timer, time, () -> tell(event));
    }

    /** On the timers' thread, where nobody else would hear of a fault. */
    private void isDue(Runnable task) {
        try {
            later(task);
        } catch (Throwable untold) {
            broken(untold);
        }
    }
}
