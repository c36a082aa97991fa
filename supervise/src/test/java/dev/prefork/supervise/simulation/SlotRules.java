package dev.prefork.supervise.simulation;

import static dev.prefork.supervise.simulation.BrokenRule.must;

import dev.prefork.supervise.Status;
import dev.prefork.supervise.WorkerState;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;

/** What must be true of each slot and of those in it, after each step. */
final class SlotRules {
    static final Set<WorkerState> CURRENT =
            EnumSet.of(
                    WorkerState.WAITING, WorkerState.STARTING, WorkerState.READY, WorkerState.LOST);
    static final Set<WorkerState> NEWCOMER = EnumSet.of(WorkerState.TRIAL, WorkerState.PROBATION);
    static final Set<WorkerState> AWAITED = EnumSet.of(WorkerState.WAITING);
    static final Set<WorkerState> READY = EnumSet.of(WorkerState.READY);
    private static final Set<WorkerState> DRAINING = EnumSet.of(WorkerState.DRAINING);
    private static final Set<WorkerState> LEAVING =
            EnumSet.of(WorkerState.DRAINING, WorkerState.STOPPING);

    private final World world;
    private final KeptPorts ports;
    private final Set<Integer> toBeFilledAtOnce = new HashSet<>();

    SlotRules(World world, KeptPorts ports) {
        this.world = world;
        this.ports = ports;
    }

    // What happens.

    void servesNoMore(int slot) {
        toBeFilledAtOnce.add(slot);
    }

    void isNotForked(int slot) {
        toBeFilledAtOnce.remove(slot);
    }

    void nobodyIsToServe() {
        toBeFilledAtOnce.clear();
    }

    // What is.

    void check(Status.Slot slot) {
        for (Status.Worker worker : slot.workers()) {
            check(worker, slot);
        }
        int current = count(CURRENT, slot);
        int newcomers = count(NEWCOMER, slot);
        int draining = count(DRAINING, slot);
        if (slot.open()) {
            must(current == 1, () -> slot + " is one worker's");
            must(
                    !toBeFilledAtOnce.remove(slot.number())
                            || newcomers > 0
                            || count(AWAITED, slot) == 0,
                    () -> "who served is replaced at once in " + slot);
        } else {
            must(current == 0, () -> slot + " is nobody's");
        }
        must(newcomers <= 1, () -> slot + " has one newcomer at most");
        must(draining <= 1 || !slot.open(), () -> slot + " has one that drains at most");
    }

    static int count(Set<WorkerState> states, Status.Slot slot) {
        int count = 0;
        for (Status.Worker worker : slot.workers()) {
            if (states.contains(worker.state())) {
                count++;
            }
        }
        return count;
    }

    private void check(Status.Worker worker, Status.Slot slot) {
        SimulatedProcess process = world.processes.get(worker.worker());
        boolean lives = worker.state() != WorkerState.WAITING;
        must(lives == (process != null), () -> worker + " has a process if it lives");
        if (lives) {
            process.state = worker.state();
        }
        boolean killed = process != null && process.killed;
        must(
                !needsTimer(worker.state())
                        || stillStarts(worker, slot)
                        || world.clock.hasTimer(worker.worker())
                        || killed
                        // Nobody is there, as somebody else is on his way.
                        || count(NEWCOMER, slot) > 0,
                () -> worker + " is waited for without an end");
        must(
                !LEAVING.contains(worker.state()) || world.clock.hasDeadline(worker.worker()),
                () -> worker + " leaves without a deadline");
        must(worker.state() != WorkerState.KILLED || killed, () -> worker + " was not killed");
    }

    /** However long it takes. */
    private boolean stillStarts(Status.Worker worker, Status.Slot slot) {
        return worker.state() == WorkerState.STARTING && ports.hasListened(slot.number());
    }

    private static boolean needsTimer(WorkerState state) {
        return switch (state) {
            case WAITING, STARTING, TRIAL, PROBATION, LOST -> true;
            // Of LOST, once it has been killed, and of the others: nothing is awaited, or the
            // deadline.
            case READY, DRAINING, STOPPING, KILLED, GONE -> false;
        };
    }
}
