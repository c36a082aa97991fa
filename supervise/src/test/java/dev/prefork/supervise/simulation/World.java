package dev.prefork.supervise.simulation;

import static dev.prefork.supervise.simulation.BrokenRule.must;

import dev.prefork.supervise.Action;
import dev.prefork.supervise.End;
import dev.prefork.supervise.Event;
import dev.prefork.supervise.Limits;
import dev.prefork.supervise.Restart;
import dev.prefork.supervise.Supervisor;
import dev.prefork.supervise.WorkerEvent;
import dev.prefork.supervise.WorkerState;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;

/**
 * Processes, timers and people around a {@link Supervisor}, without any of them: a clock that goes
 * as far as it is told, and processes that do what a {@link Step} says. Carries actions out as the
 * command does.
 */
final class World {
    static final List<String> ADDRESSES = List.of("*:80", "*:81", "*:82");

    static final Limits LIMITS =
            new Limits(
                    Duration.ofSeconds(20),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(10));

    private static final long LONGEST_STEP_MILLIS = 10_000;
    private static final int TURNS_OF_PEACE = 50;
    private static final Duration TURN_OF_PEACE = Duration.ofSeconds(5);
    private static final Duration SETTLING = Duration.ofMillis(100);

    private static final List<Event.Request> OTHER_REQUESTS =
            List.of(Event.Request.THREAD_DUMP, Event.Request.SUSPEND, Event.Request.RESUME);

    final Supervisor supervisor;
    final Rules rules;
    final Map<Integer, SimulatedProcess> processes = new LinkedHashMap<>();
    final Clock clock = new Clock();
    private boolean nextForkFails;

    /** Since the rules were checked last. */
    private boolean hasChanged;

    private OptionalInt end = OptionalInt.empty();

    World(int workers, int surge) {
        this.supervisor = new Supervisor(LIMITS, surge, Restart.UNLESS_DONE);
        this.rules = new Rules(this, workers, surge);
        carryOut(supervisor.start(workers));
        rules.check();
    }

    boolean isOver() {
        return end.isPresent();
    }

    // What happens.

    void take(Step step) {
        if (isOver()) {
            return;
        }
        switch (step.kind()) {
            case IS_ONLINE -> one(step, process -> !process.isOnline).ifPresent(this::isOnline);
            case LISTENS ->
                    one(step, process -> process.isOnline && process.hasChannel)
                            .ifPresent(process -> listens(process, step.address()));
            case CLOSES ->
                    one(step, process -> !process.listens.isEmpty() && process.hasChannel)
                            .ifPresent(process -> closes(process, step.address()));
            case FINISHES -> one(step, _ -> true).ifPresent(one -> ends(one, new End.Code(0)));
            case FAILS -> one(step, _ -> true).ifPresent(one -> ends(one, new End.Code(4)));
            case IS_KILLED ->
                    among(step, List.copyOf(processes.values()))
                            .ifPresent(one -> ends(one, new End.Signal("SIGKILL")));
            case LOSES_ITS_CHANNEL ->
                    one(step, process -> process.hasChannel).ifPresent(this::losesItsChannel);
            case OBEYS -> among(step, thoseThatObey()).ifPresent(this::obeys);
            case IS_STOPPED -> one(step, _ -> true).ifPresent(process -> process.isStopped = true);
            case GOES_ON ->
                    among(step, all(process -> process.isStopped))
                            .ifPresent(process -> process.isStopped = false);
            case TIMER -> clock.next().ifPresent(this::isOver);
            case TIME -> passes(Duration.ofMillis(step.of((int) LONGEST_STEP_MILLIS)));
            case RELOAD -> asked(Event.Request.RELOAD);
            case ONE_MORE -> {
                // The users of this world have a machine that ends somewhere.
                if (supervisor.status().desired() < 6) {
                    asked(Event.Request.ONE_MORE);
                }
            }
            case ONE_FEWER -> asked(Event.Request.ONE_FEWER);
            case OTHER_REQUEST -> asked(OTHER_REQUESTS.get(step.of(OTHER_REQUESTS.size())));
            case NO_FORK -> nextForkFails = true;
            case STOP -> {
                // Rarely, or no history would be long.
                if (step.of(40) == 0) {
                    asked(Event.Request.STOP);
                }
            }
        }
        check();
    }

    /** Where nothing was told, all is as it was. */
    private void check() {
        if (hasChanged) {
            hasChanged = false;
            rules.check();
        }
    }

    /** One of those that can act. */
    private Optional<SimulatedProcess> one(Step step, Predicate<SimulatedProcess> condition) {
        return among(step, all(process -> process.canAct() && condition.test(process)));
    }

    private static Optional<SimulatedProcess> among(Step step, List<SimulatedProcess> those) {
        return those.isEmpty() ? Optional.empty() : Optional.of(those.get(step.of(those.size())));
    }

    List<SimulatedProcess> all(Predicate<SimulatedProcess> condition) {
        List<SimulatedProcess> those = new ArrayList<>();
        for (SimulatedProcess process : processes.values()) {
            if (condition.test(process)) {
                those.add(process);
            }
        }
        return those;
    }

    List<SimulatedProcess> thoseThatObey() {
        return all(one -> one.killed || (one.wasAskedToGo() && !one.isStopped));
    }

    void isOnline(SimulatedProcess process) {
        process.isOnline = true;
        tell(process, new WorkerEvent.Online());
    }

    void listens(SimulatedProcess process, String address) {
        if (process.listens.add(address)) {
            process.hasListened = true;
            tell(process, new WorkerEvent.Listening(address));
        }
    }

    private void closes(SimulatedProcess process, String address) {
        if (process.listens.remove(address)) {
            rules.closes(process, address);
            tell(process, new WorkerEvent.Closed(address));
        }
    }

    private void losesItsChannel(SimulatedProcess process) {
        process.hasChannel = false;
        tell(process, new WorkerEvent.Disconnected());
    }

    void obeys(SimulatedProcess process) {
        if (process.killed) {
            ends(process, new End.Signal("SIGKILL"));
        } else if (process.terminated) {
            ends(process, new End.Signal("SIGTERM"));
        } else if (process.hasChannel) {
            losesItsChannel(process);
        } else {
            ends(process, new End.Code(0));
        }
    }

    void ends(SimulatedProcess process, End how) {
        processes.remove(process.worker);
        rules.ends(process);
        tell(process, new WorkerEvent.Exited(how, List.of()));
        clock.forget(process.worker);
    }

    void asked(Event.Request request) {
        rules.asked(request);
        tell(new Event.Asked(request));
    }

    // Time.

    private void isOver(Clock.Timer timer) {
        clock.isOver(timer);
        tell(timer.event());
    }

    /** As if the process that is told this had slept: what was due is told late. */
    void passes(Duration time) {
        long until = clock.after(time);
        for (Optional<Clock.Timer> next = clock.next();
                !isOver() && next.isPresent() && next.get().due() <= until;
                next = clock.next()) {
            isOver(next.get());
            check();
        }
        clock.passes(until);
    }

    // The end of a history.

    /** Everybody does what a good program does, now and then. */
    void isAtPeace() {
        nextForkFails = false;
        for (int i = 0; i < TURNS_OF_PEACE && !isOver() && !rules.isWell(); i++) {
            all(process -> process.isStopped).forEach(process -> process.isStopped = false);
            thoseThatObey().forEach(this::obeys);
            all(process -> !process.isOnline).forEach(this::isOnline);
            all(process -> process.hasChannel && !process.wasAskedToGo())
                    .forEach(process -> ADDRESSES.forEach(one -> listens(process, one)));
            check();
            passes(TURN_OF_PEACE);
        }
        if (!isOver() && !supervisor.status().ending()) {
            rules.checkWellBeing();
        }
    }

    /** All are asked to end, and nobody does before he is killed. */
    void ends() {
        if (!isOver() && !supervisor.status().ending()) {
            asked(Event.Request.STOP);
        }
        passes(LIMITS.stop());
        thoseThatObey().forEach(this::obeys);
        rules.check();
        must(isOver(), () -> "all is over in time");
    }

    // Between the supervisor and its world.

    private void tell(SimulatedProcess process, WorkerEvent event) {
        tell(new Event.OfWorker(process.worker, event));
    }

    private void tell(Event event) {
        hasChanged = true;
        carryOut(supervisor.on(event));
    }

    private void carryOut(List<Action> actions) {
        List<Event> answers = new ArrayList<>();
        for (Action action : actions) {
            rules.wanted(action);
            switch (action) {
                case Action.Fork fork ->
                        answers.add(new Event.OfWorker(fork.worker(), answer(fork)));
                case Action.Disconnect(int worker) ->
                        with(worker).ifPresent(process -> process.toldToLeave = true);
                case Action.Signal(int worker, String name) ->
                        with(worker).ifPresent(process -> process.gets(name));
                case Action.StartTimer(int worker, WorkerState state, Duration time) ->
                        clock.startTimer(worker, state, time);
                case Action.StartDeadline(int worker, Duration time) ->
                        clock.startDeadline(worker, time);
                case Action.StartSettling() -> clock.startSettling(SETTLING);
                case Action.StartCounting(Duration time) -> clock.startCounting(time);
                case Action.End(int code) -> end = OptionalInt.of(code);
                case Action.SettleSlot _,
                        Action.CloseSlot _,
                        Action.TakeNoMore _,
                        Action.KeepOnly _,
                        Action.Suspend _,
                        Action.Tell _ -> {
                    // The rules have heard of it.
                }
            }
        }
        answers.forEach(this::tell);
    }

    private Optional<SimulatedProcess> with(int worker) {
        return Optional.ofNullable(processes.get(worker));
    }

    private WorkerEvent answer(Action.Fork fork) {
        if (nextForkFails) {
            nextForkFails = false;
            rules.isNotForked(fork);
            return new WorkerEvent.NotForked("there is no memory");
        }
        processes.put(fork.worker(), new SimulatedProcess(fork));
        return new WorkerEvent.Forked(fork.worker(), 100 + fork.worker());
    }
}
