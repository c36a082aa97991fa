package dev.prefork.supervise.simulation;

import dev.prefork.supervise.Action;
import dev.prefork.supervise.WorkerState;

import java.util.LinkedHashSet;
import java.util.Set;

/** A worker's process, as the world has it. */
final class SimulatedProcess {
    final int worker;
    final int slot;
    final int generation;
    final Set<String> listens = new LinkedHashSet<>();

    /** As the supervisor has it since the last step. */
    WorkerState state = WorkerState.WAITING;

    boolean isOnline;
    boolean hasListened;
    boolean hasChannel = true;
    boolean isStopped;

    // What it was told.
    boolean toldToLeave;
    boolean terminated;
    boolean killed;

    SimulatedProcess(Action.Fork fork) {
        this.worker = fork.worker();
        this.slot = fork.slot();
        this.generation = fork.generation();
    }

    void gets(String signal) {
        switch (signal) {
            case "SIGTERM" -> terminated = true;
            case "SIGKILL" -> killed = true;
            case "SIGSTOP" -> isStopped = true;
            case "SIGCONT" -> isStopped = false;
            case "SIGQUIT" -> {
                // It prints something.
            }
            default -> throw new IllegalArgumentException("signal=" + signal);
        }
    }

    boolean canAct() {
        return !isStopped && !killed;
    }

    boolean wasAskedToGo() {
        return toldToLeave || terminated || killed;
    }

    @Override
    public String toString() {
        return "worker %d of slot %d, generation %d".formatted(worker, slot, generation);
    }
}
