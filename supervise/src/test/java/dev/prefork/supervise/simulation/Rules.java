package dev.prefork.supervise.simulation;

import static dev.prefork.supervise.simulation.BrokenRule.must;

import dev.prefork.supervise.Action;
import dev.prefork.supervise.Event;
import dev.prefork.supervise.Notice;
import dev.prefork.supervise.Status;
import dev.prefork.supervise.WorkerState;

import java.util.Comparator;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What must be true whatever happens. Some of it is seen in what the supervisor wants at the moment
 * when it does, the rest after each step.
 */
final class Rules {
    private enum Closing {
        ITS_WORK_IS_DONE,
        THERE_IS_TO_BE_ONE_FEWER,
        ALL_ARE_TO_GO
    }

    private final World world;
    private final int surge;
    private int workers;
    private final Set<Integer> forked = new HashSet<>();
    private final Generations generations = new Generations();
    private final SlotRules slots;
    private final Set<Integer> open = new HashSet<>();
    private final KeptPorts ports = new KeptPorts();

    /** Why the next slot is closed. */
    private Closing closing = Closing.ITS_WORK_IS_DONE;

    private boolean ending;
    private long endingSince;
    private boolean over;

    Rules(World world, int workers, int surge) {
        this.world = world;
        this.workers = workers;
        this.surge = surge;
        this.slots = new SlotRules(world, ports);
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
            case Action.CloseSlot(int slot) -> isClosed(slot);
            case Action.SettleSlot(int slot) -> settles(slot);
            case Action.TakeNoMore _ -> {
                must(!ending, () -> "all are told to go once");
                ending = true;
                endingSince = world.clock.now();
            }
            case Action.Tell(Notice notice) -> isTold(notice);
            case Action.End _ -> {
                must(world.processes.isEmpty(), () -> "nobody lives after the end");
                over = true;
            }
            case Action.KeepOnly(int generation) ->
                    must(generation == generations.trusted(), () -> "what is trusted is kept");
            case Action.StartCounting _ ->
                    must(!world.clock.isCounting(), () -> "one time is counted at a time");
            case Action.StartTimer _,
                    Action.StartDeadline _,
                    Action.StartSettling _,
                    Action.Suspend _ -> {}
        }
    }

    private void isForked(Action.Fork fork) {
        must(!ending, () -> "nobody is started once all are to go");
        must(forked.add(fork.worker()), () -> "no number is used twice");
        open.add(fork.slot());
        generations.isForked(fork);
    }

    private void isClosed(int slot) {
        must(open.contains(slot), () -> "slot %d is closed once".formatted(slot));
        switch (closing) {
            case ITS_WORK_IS_DONE ->
                    must(
                            !ports.hasListened(slot),
                            () ->
                                    "slot %d is a server's, whose work is never done"
                                            .formatted(slot));
            case THERE_IS_TO_BE_ONE_FEWER -> {
                must(
                        open.stream().noneMatch(other -> byLoss().compare(other, slot) < 0),
                        () ->
                                "slot %d is closed, %d ports with it, and another one is missed less"
                                        .formatted(slot, ports.keptOnlyFor(slot)));
                closing = Closing.ITS_WORK_IS_DONE;
            }
            case ALL_ARE_TO_GO -> {
                // Whatever they keep.
            }
        }
        open.remove(slot);
        ports.isClosed(slot);
        workers--;
    }

    /**
     * The least first. Above all, no port is closed for which connections may wait; whether anyone
     * serves it at this moment is the lesser question.
     */
    private Comparator<Integer> byLoss() {
        return Comparator.comparingLong(ports::keptOnlyFor)
                .thenComparing(ports::hasListened)
                .thenComparing(slot -> serving(slot).isPresent());
    }

    private Optional<SimulatedProcess> serving(int slot) {
        return world.processes.values().stream()
                .filter(one -> one.slot == slot && one.state == WorkerState.READY)
                .findFirst();
    }

    private void settles(int slot) {
        must(open.contains(slot), () -> "only an open slot settles");
        must(serving(slot).isPresent(), () -> "nobody has settled in slot %d".formatted(slot));
        SimulatedProcess settled = serving(slot).orElseThrow();
        must(
                settled.hasListened || !ports.hasListened(slot),
                () -> "slot %d is settled by one that may still begin to listen".formatted(slot));
        ports.settles(settled);
    }

    /** Nobody who serves goes before somebody else does what he did. */
    private void isAskedToGo(int worker) {
        SimulatedProcess leaving = world.processes.get(worker);
        if (leaving == null || leaving.state != WorkerState.READY) {
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
        generations.isTold(notice);
        switch (notice) {
            case Notice.Reloaded _ -> world.supervisor.status().slots().forEach(this::isReloaded);
            case Notice.OneMore _ -> workers++;
            case Notice.OneFewer _ -> closing = Closing.THERE_IS_TO_BE_ONE_FEWER;
            case Notice.Stopping _, Notice.GaveUp _ -> closing = Closing.ALL_ARE_TO_GO;
            default -> {
                // It changes nothing here.
            }
        }
    }

    private void isReloaded(Status.Slot slot) {
        must(
                !slot.open()
                        || slot.workers().stream()
                                .anyMatch(
                                        one ->
                                                one.state() == WorkerState.READY
                                                        && one.generation()
                                                                == generations.trusted()),
                () -> slot + " is reloaded, and nobody new is ready in it");
    }

    // What happens.

    void asked(Event.Request request) {
        if (request == Event.Request.STOP) {
            slots.nobodyIsToServe();
        }
    }

    void closes(SimulatedProcess process, String address) {
        if (isInPlace(process)) {
            ports.closes(process, address);
        }
    }

    /** What a newcomer listens on nobody misses before it has a place. */
    private boolean isInPlace(SimulatedProcess process) {
        return open.contains(process.slot) && SlotRules.CURRENT.contains(process.state);
    }

    void ends(SimulatedProcess process) {
        boolean servesNoMore = process.state == WorkerState.READY && process.hasListened;
        if (servesNoMore && !ending) {
            slots.servesNoMore(process.slot);
        }
        ports.ends(process);
    }

    void isNotForked(Action.Fork fork) {
        slots.isNotForked(fork.slot());
    }

    // After each step.

    void check() {
        Status status = world.supervisor.status();
        status.slots().forEach(slots::check);
        checkProcesses(status);
        status.slots().forEach(this::checkPorts);
        if (ending) {
            checkEnding();
        } else if (!over) {
            checkNumbers(status);
        }
    }

    private void checkProcesses(Status status) {
        int living = 0;
        for (Status.Slot slot : status.slots()) {
            living += slot.workers().size() - SlotRules.count(SlotRules.AWAITED, slot);
        }
        int known = living;
        must(known == world.processes.size(), () -> "%d processes are known".formatted(known));
        for (SimulatedProcess process : world.processes.values()) {
            if (isInPlace(process)) {
                ports.listens(process);
                must(
                        process.state != WorkerState.READY
                                || process.hasListened
                                || !ports.hasListened(process.slot),
                        () -> process + " is thought to be ready and may still begin to listen");
            }
        }
    }

    private void checkPorts(Status.Slot slot) {
        if (slot.open() && slot.workers().size() == 1) {
            SimulatedProcess alone = world.processes.get(slot.workers().getFirst().worker());
            must(
                    alone == null || !ports.hasForgotten(alone),
                    () -> "a port stays open beside " + alone + " for nobody");
        }
    }

    private void checkNumbers(Status status) {
        must(status.desired() == workers, () -> "%d workers are wanted".formatted(workers));
        int mayServe = world.all(process -> !process.wasAskedToGo()).size();
        must(
                mayServe <= workers + surge,
                () -> "%d processes serve %d places".formatted(mayServe, workers));
        if (status.reload() instanceof Status.Reload.InProgress) {
            checkReload(status);
        }
    }

    private void checkReload(Status status) {
        must(generations.isReloading(), () -> "a reload that nobody was told of");
        int newcomers = 0;
        int ready = 0;
        int room = surge;
        for (Status.Slot slot : status.slots()) {
            newcomers += SlotRules.count(SlotRules.NEWCOMER, slot);
            ready += SlotRules.count(SlotRules.READY, slot);
            room += SlotRules.count(SlotRules.AWAITED, slot);
        }
        boolean awaits = newcomers >= 1 || ready < workers;
        must(awaits && newcomers <= room, () -> "a reload that goes on has its newcomers");
    }

    private void checkEnding() {
        boolean late = world.clock.now() - endingSince > World.LIMITS.stop().toNanos();
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
        WellBeing.check(world.supervisor.status(), workers, generations);
    }
}
