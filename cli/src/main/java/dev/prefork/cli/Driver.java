package dev.prefork.cli;

import dev.prefork.Exit;
import dev.prefork.ForkException;
import dev.prefork.Message;
import dev.prefork.Prefork;
import dev.prefork.Slot;
import dev.prefork.Worker;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/**
 * Does what the {@link Supervisor} says with the real cluster, and tells it what happens there. All
 * of it on the thread that calls {@link #run}; whatever happens elsewhere comes through one queue.
 */
final class Driver {
    /** The variable in which a worker finds its slot. */
    static final String SLOT = "PREFORK_SLOT";

    /** Addresses that are said to be served within this time are named in one line. */
    private static final Duration SETTLING = Duration.ofMillis(100);

    /** After its end; a child of the worker may hold its output open. */
    private static final Duration LAST_OUTPUT_MAY_TAKE = Duration.ofMillis(500);

    /** Who would add more waits, and with it the worker that has so much to tell. */
    private static final int MOST_THAT_WAIT = 10_000;

    private final EmergencyExit emergency = new EmergencyExit();
    private final Prefork cluster;
    private final Supervisor supervisor;
    private final Consumer<Worker> leave;
    private final Screen screen = new Screen();
    private final Reporter reporter = new Reporter(screen::line, screen::status, emergency);
    private final BlockingQueue<Runnable> happened = new LinkedBlockingQueue<>(MOST_THAT_WAIT);
    private final ScheduledExecutorService timers =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("prefork-timers").daemon().factory());

    /**
     * The place of all workers, since each of them is to have a successor: their ports stay open
     * when one dies, also when all do.
     */
    private final Slot place;

    private final Map<Integer, Worker> workers = new HashMap<>();
    private final Map<Integer, Integer> numbers = new HashMap<>();
    private final Map<Integer, Future<?>> stateTimers = new HashMap<>();
    private Optional<Future<?>> settling = Optional.empty();
    private OptionalInt end = OptionalInt.empty();

    /**
     * @param leave makes a worker end gracefully
     */
    Driver(Prefork cluster, Limits limits, Consumer<Worker> leave) {
        this.cluster = cluster;
        this.place = cluster.slot(0);
        this.supervisor = new Supervisor(limits);
        this.leave = leave;
    }

    /**
     * Runs so many workers until the end; returns the exit code. Whatever else ends it ends the
     * process: workers that nobody supervises must not stay.
     */
    int run(int count) {
        try {
            listenToTheCluster();
            listenToSignals();
            carryOut(supervisor.start(count));
            OwnClasses.loadInBackground();
            while (end.isEmpty()) {
                happened.take().run();
            }
            reporter.close();
            return end.getAsInt();
        } catch (Throwable fault) {
            emergency.because(fault);
            throw new IllegalStateException(fault);
        }
    }

    // What happens.

    private void listenToTheCluster() {
        cluster.onOnline(worker -> tell(worker, Event.Online::new));
        cluster.onListening(
                (worker, address) ->
                        tell(
                                worker,
                                number -> new Event.Listening(number, Addresses.text(address))));
        cluster.onDisconnect(worker -> tell(worker, Event.Disconnected::new));
        // Without a listener they would be kept for one.
        cluster.onMessage((worker, message) -> drop(message));
    }

    private static void drop(Message message) {
        message.handle().ifPresent(Driver::close);
    }

    private static void close(SelectableChannel handle) {
        try {
            handle.close();
        } catch (IOException unsent) {
            // It is closed.
        }
    }

    private void listenToSignals() {
        Map<String, Event.Request> requests =
                Map.of(
                        "TERM", Event.Request.STOP,
                        "INT", Event.Request.INTERRUPT,
                        "HUP", Event.Request.RELOAD,
                        "TTIN", Event.Request.ONE_MORE,
                        "TTOU", Event.Request.ONE_FEWER);
        requests.forEach(
                (name, request) -> {
                    if (!Signals.handle(name, () -> tell(new Event.Asked(request)))
                            && request == Event.Request.RELOAD) {
                        reporter.say("SIGHUP is ignored here, as under nohup: no reload by it");
                    }
                });
    }

    private void tell(Event event) {
        later(
                () -> {
                    prepare(event);
                    carryOut(supervisor.on(event));
                });
    }

    /** What becomes of ports that no worker has at the moment. */
    private void prepare(Event event) {
        switch (event) {
            // Nobody comes any more.
            case Event.Asked(Event.Request request)
                    when request == Event.Request.STOP || request == Event.Request.INTERRUPT ->
                    place.close();
            // What it has not opened in all this time it will not.
            case Event.TimedOut(int _, WorkerState state) when state == WorkerState.READY ->
                    place.settle();
            default -> {
                // They wait for whoever comes next.
            }
        }
    }

    /** On {@link #run}'s thread; safe for any other. */
    private void later(Runnable task) {
        try {
            happened.put(task);
        } catch (Throwable lost) {
            emergency.because(lost);
        }
    }

    private void tell(Worker worker, IntFunction<Event> event) {
        later(
                () ->
                        Optional.ofNullable(numbers.get(worker.id()))
                                .map(event::apply)
                                .ifPresent(known -> carryOut(supervisor.on(known))));
    }

    // What is to be done.

    private void carryOut(List<Action> actions) {
        // Told after all is done: another worker of the same list may not be there yet.
        List<Event> forked = new ArrayList<>();
        for (Action action : actions) {
            switch (action) {
                case Action.Fork(int worker, int slot) -> forked.add(fork(worker, slot));
                case Action.Disconnect(int worker) -> with(worker, leave);
                case Action.Signal(int worker, String name) ->
                        with(worker, running -> running.process().kill(name));
                case Action.StartTimer(int worker, WorkerState state, Duration time) -> {
                    Event timedOut = new Event.TimedOut(worker, state);
                    cancel(Optional.ofNullable(stateTimers.put(worker, timer(time, timedOut))));
                }
                case Action.StartSettling() -> {
                    cancel(settling);
                    settling = Optional.of(timer(SETTLING, new Event.Settled()));
                }
                case Action.Say(String line) -> reporter.say(line);
                case Action.Progress(String text) -> reporter.progress(text);
                case Action.End(int code) -> end = OptionalInt.of(code);
            }
        }
        forked.forEach(event -> carryOut(supervisor.on(event)));
    }

    /** Nothing for one that could not be forked. */
    private void with(int number, Consumer<Worker> action) {
        Optional.ofNullable(workers.get(number)).ifPresent(action);
    }

    private Event fork(int number, int slot) {
        try {
            Worker worker = place.fork(Map.of(SLOT, String.valueOf(slot)));
            attach(worker, number);
            return new Event.Forked(number, worker.id(), worker.process().pid());
        } catch (RuntimeException whateverItIs) {
            // Not only what fork() promises: it reads files that may have gone meanwhile.
            return new Event.NotForked(number, reason(whateverItIs));
        }
    }

    private static String reason(RuntimeException fault) {
        return fault instanceof ForkException || fault instanceof IllegalArgumentException
                ? fault.getMessage()
                : "cannot fork: " + fault;
    }

    private void attach(Worker worker, int number) {
        try {
            WorkerOutput output = WorkerOutput.of(worker, screen, emergency);
            workers.put(number, worker);
            numbers.put(worker.id(), number);
            worker.onExit(exit -> emergency.guarded(() -> exited(number, exit, output)).run());
        } catch (RuntimeException nobodyWouldReadIt) {
            worker.process().kill("SIGKILL");
            throw nobodyWouldReadIt;
        }
    }

    /** What it printed last is printed before its end is told. */
    private void exited(int number, Exit exit, WorkerOutput output) {
        Runnable told =
                () -> {
                    carryOut(supervisor.on(new Event.Exited(number, exit, output.lastLines())));
                    forget(number);
                };
        var _ =
                output.ended()
                        .completeOnTimeout(
                                null, LAST_OUTPUT_MAY_TAKE.toMillis(), TimeUnit.MILLISECONDS)
                        .thenRun(() -> later(told));
    }

    private void forget(int number) {
        numbers.remove(workers.remove(number).id());
        cancel(Optional.ofNullable(stateTimers.remove(number)));
    }

    private Future<?> timer(Duration time, Event event) {
        return timers.schedule(() -> tell(event), time.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void cancel(Optional<Future<?>> timer) {
        timer.ifPresent(running -> running.cancel(false));
    }
}
