package dev.prefork.supervise.simulation;

import dev.prefork.supervise.Action;
import dev.prefork.supervise.Event;
import dev.prefork.supervise.Notice;
import dev.prefork.supervise.Status;
import dev.prefork.supervise.WorkerState;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What must be true whatever happens. Some of it is seen in what the supervisor wants at the moment
 * when it does, the rest after each step.
 */
final class Rules {
    private static final Set<WorkerState> CURRENT =
            EnumSet.of(
                    WorkerState.WAITING, WorkerState.STARTING, WorkerState.READY, WorkerState.LOST);
    private static final Set<WorkerState> NEWCOMER =
            EnumSet.of(WorkerState.TRIAL, WorkerState.PROBATION);
    private static final Set<WorkerState> LEAVING =
            EnumSet.of(WorkerState.DRAINING, WorkerState.STOPPING);

    private final World world;
    private final int surge;
    private int workers;
    private final Set<Integer> forked = new HashSet<>();
    private Map<Integer, WorkerState> before = new HashMap<>();
    private final Set<Integer> open = new HashSet<>();

    /** Slots in which somebody has listened who served. */
    private final Set<Integer> served = new HashSet<>();

    private final Set<Integer> toBeFilledAtOnce = new HashSet<>();

    // Generations.
    private int newest = 1;
    private int trusted = 1;
    private boolean reloading;

    /** The old ones could not come back. */
    private boolean isMixed;

    /** All slots are closed, whatever they keep. */
    private boolean closing;

    private boolean ending;
    private long endingSince;
    private boolean over;

    Rules(World world, int workers, int surge) {
        this.world = world;
        this.workers = workers;
        this.surge = surge;
    }

    // What the supervisor wants.

    void wanted(Action action) {
        must(!over, () -> "nothing is wanted after the end, such as " + action);
        switch (action) {
            case Action.Fork fork -> isForked(fork);
            case Action.Disconnect(int worker) -> isAskedToGo(worker);
            case Action.Signal(int worker, String name) -> {
                if (name.equals("SIGTERM") || name.equals("SIGKILL")) {
                    isAskedToGo(worker);
                }
            }
            case Action.CloseSlot(int slot) -> {
                must(open.remove(slot), () -> "slot %d is closed once".formatted(slot));
                must(
                        closing || !served.remove(slot) || served.containsAll(open),
                        () -> "slot %d keeps ports, and another one has none".formatted(slot));
                workers--;
            }
            case Action.SettleSlot(int slot) ->
                    must(open.contains(slot), () -> "only an open slot settles");
            case Action.TakeNoMore _ -> {
                must(!ending, () -> "all are told to go once");
                ending = true;
                endingSince = world.now();
            }
            case Action.Tell(Notice notice) -> isTold(notice);
            case Action.End _ -> {
                must(world.processes.isEmpty(), () -> "nobody lives after the end");
                over = true;
            }
            case Action.KeepOnly(int generation) ->
                    must(generation == trusted, () -> "what is trusted is kept");
            case Action.StartCounting _,
                    Action.StartTimer _,
                    Action.StartDeadline _,
                    Action.StartSettling _,
                    Action.Suspend _ -> {}
        }
    }

    private void isForked(Action.Fork fork) {
        must(!ending, () -> "nobody is started once all are to go");
        must(forked.add(fork.worker()), () -> "no number is used twice");
        open.add(fork.slot());
        boolean isNewest = fork.generation() == newest && reloading;
        must(
                fork.generation() == trusted || isNewest,
                () ->
                        "%s is of generation %d, which is trusted, or of a reload that goes on"
                                .formatted(fork, trusted));
    }

    /** Nobody who serves goes before somebody else does what he did. */
    private void isAskedToGo(int worker) {
        SimulatedProcess leaving = world.processes.get(worker);
        if (leaving == null || before.get(worker) != WorkerState.READY) {
            return;
        }
        boolean isReplaced =
                world.processes.values().stream()
                        .anyMatch(
                                other ->
                                        other.slot == leaving.slot
                                                && other != leaving
                                                && other.hasChannel
                                                && !other.wasAskedToGo()
                                                && other.listens.containsAll(leaving.listens));
        must(
                ending || !open.contains(leaving.slot) || isReplaced,
                () -> leaving + " is asked to go though nobody does what it does");
    }

    private void isTold(Notice notice) {
        switch (notice) {
            case Notice.Reloading _ -> {
                must(!reloading, () -> "one reload at a time");
                newest++;
                reloading = true;
            }
            case Notice.Reloaded _ -> {
                must(reloading, () -> "what ends has begun");
                trusted = newest;
                reloading = false;
                isMixed = false;
            }
            case Notice.ReloadFailed _ -> {
                must(reloading, () -> "what fails has begun");
                reloading = false;
                isMixed = false;
            }
            case Notice.NotRolledBack _ -> isMixed = true;
            case Notice.OneMore _ -> workers++;
            case Notice.Stopping _, Notice.GaveUp _ -> closing = true;
            default -> {
                // It changes nothing.
            }
        }
    }

    // What happens.

    void asked(Event.Request request) {
        if (request == Event.Request.STOP) {
            toBeFilledAtOnce.clear();
        }
    }

    void ends(SimulatedProcess process) {
        boolean servesNoMore =
                before.get(process.worker) == WorkerState.READY && process.hasListened;
        if (servesNoMore && !ending) {
            toBeFilledAtOnce.add(process.slot);
        }
    }

    void isNotForked(Action.Fork fork) {
        toBeFilledAtOnce.remove(fork.slot());
    }

    // After each step.

    void check() {
        Status status = world.supervisor.status();
        Map<Integer, WorkerState> states = new HashMap<>();
        for (Status.Slot slot : status.slots()) {
            for (Status.Worker worker : slot.workers()) {
                states.put(worker.worker(), worker.state());
                check(worker);
            }
            check(slot);
        }
        world.processes
                .values()
                .forEach(
                        process ->
                                must(
                                        states.containsKey(process.worker),
                                        () -> process + " is forgotten"));
        if (ending) {
            checkEnding();
        } else if (!over) {
            checkNumbers(status);
        }
        before = states;
        world.processes.values().stream()
                .filter(one -> one.hasListened && states.get(one.worker) == WorkerState.READY)
                .filter(one -> open.contains(one.slot))
                .forEach(one -> served.add(one.slot));
    }

    private void check(Status.Worker worker) {
        SimulatedProcess process = world.processes.get(worker.worker());
        boolean lives = worker.state() != WorkerState.WAITING;
        must(lives == (process != null), () -> worker + " has a process if it lives");
        boolean hasTimer = world.stateTimers.containsKey(worker.worker());
        boolean needsTimer =
                switch (worker.state()) {
                    case WAITING, STARTING, TRIAL, PROBATION, LOST -> true;
                    // Of LOST, once it has been killed, and of the others: nothing is awaited, or
                    // the deadline.
                    case READY, DRAINING, STOPPING, KILLED, GONE -> false;
                };
        must(
                !needsTimer
                        || hasTimer
                        || (process != null && process.killed)
                        || hasNewcomer(worker.who().slot()),
                () -> worker + " is waited for without an end");
        must(
                !LEAVING.contains(worker.state()) || world.deadlines.containsKey(worker.worker()),
                () -> worker + " leaves without a deadline");
        must(
                worker.state() != WorkerState.KILLED || process.killed,
                () -> worker + " was not killed");
    }

    /** In whose slot nobody is, as somebody else is on his way. */
    private boolean hasNewcomer(int slot) {
        return world.supervisor.status().slots().stream()
                .filter(one -> one.number() == slot)
                .flatMap(one -> one.workers().stream())
                .anyMatch(one -> NEWCOMER.contains(one.state()));
    }

    private void check(Status.Slot slot) {
        List<Status.Worker> current =
                slot.workers().stream().filter(one -> CURRENT.contains(one.state())).toList();
        long newcomers =
                slot.workers().stream().filter(one -> NEWCOMER.contains(one.state())).count();
        long draining =
                slot.workers().stream().filter(one -> one.state() == WorkerState.DRAINING).count();
        if (slot.open()) {
            must(current.size() == 1, () -> slot + " is one worker's");
            must(
                    !toBeFilledAtOnce.remove(slot.number())
                            || newcomers > 0
                            || current.getFirst().state() != WorkerState.WAITING,
                    () -> "who served is replaced at once in " + slot);
        } else {
            must(current.isEmpty(), () -> slot + " is nobody's");
        }
        must(newcomers <= 1, () -> slot + " has one newcomer at most");
        must(draining <= 1 || !slot.open(), () -> slot + " has one that drains at most");
    }

    private void checkNumbers(Status status) {
        must(status.desired() == workers, () -> "%d workers are wanted".formatted(workers));
        long mayServe =
                world.processes.values().stream().filter(one -> !one.wasAskedToGo()).count();
        must(
                mayServe <= workers + surge,
                () -> "%d processes serve %d places".formatted(mayServe, workers));
        if (status.reload() instanceof Status.Reload.InProgress) {
            must(reloading, () -> "a reload that nobody was told of");
            long newcomers =
                    status.slots().stream()
                            .flatMap(slot -> slot.workers().stream())
                            .filter(one -> NEWCOMER.contains(one.state()))
                            .count();
            long empty =
                    status.slots().stream()
                            .flatMap(slot -> slot.workers().stream())
                            .filter(one -> one.state() == WorkerState.WAITING)
                            .count();
            must(
                    newcomers >= 1 && newcomers <= surge + empty,
                    () -> "a reload that goes on has its newcomers");
        }
    }

    private void checkEnding() {
        boolean late = world.now() - endingSince > World.LIMITS.stop().toNanos();
        must(
                !late || world.processes.values().stream().allMatch(process -> process.killed),
                () -> "who has not ended in time is killed");
        must(over == world.processes.isEmpty(), () -> "it is over when nobody lives");
    }

    boolean isWell() {
        try {
            checkWellBeing();
            return true;
        } catch (BrokenRule notYet) {
            return false;
        }
    }

    /** Everybody has done for minutes what a good program does. */
    void checkWellBeing() {
        Status status = world.supervisor.status();
        must(
                !(status.reload() instanceof Status.Reload.InProgress)
                        && !(status.reload() instanceof Status.Reload.RollingBack),
                () -> "a reload ends");
        for (Status.Slot slot : status.slots()) {
            must(
                    slot.open() && slot.workers().size() == 1,
                    () -> "there are no others than one in each slot: " + slot);
            Status.Worker only = slot.workers().getFirst();
            must(only.state() == WorkerState.READY, () -> only + " serves");
            must(
                    only.generation() == trusted || isMixed,
                    () -> only + " is of generation " + trusted);
            must(
                    Set.copyOf(only.addresses()).equals(Set.copyOf(World.ADDRESSES)),
                    () -> only + " is known to listen everywhere");
        }
        must(status.slots().size() == workers, () -> "%d serve".formatted(workers));
    }

    static void must(boolean condition, Supplier<String> rule) {
        if (!condition) {
            throw new BrokenRule(rule.get());
        }
    }

    /** What must be true is not. */
    static final class BrokenRule extends AssertionError {
        private static final long serialVersionUID = 1;

        BrokenRule(String rule) {
            super(rule);
        }

        /** Many are thrown, and few are looked at. */
        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }
}
