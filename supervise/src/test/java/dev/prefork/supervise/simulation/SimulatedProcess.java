package dev.prefork.supervise.simulation;

import java.util.LinkedHashSet;
import java.util.Set;

/** A worker's process, as the world has it. */
final class SimulatedProcess {
    final int worker;
    final int slot;
    final int generation;
    final Set<String> listens = new LinkedHashSet<>();
    boolean isOnline;
    boolean hasListened;
    boolean hasChannel = true;
    boolean isStopped;

    // What it was told.
    boolean toldToLeave;
    boolean terminated;
    boolean killed;

    SimulatedProcess(int worker, int slot, int generation) {
        this.worker = worker;
        this.slot = slot;
        this.generation = generation;
    }

    boolean wasAskedToGo() {
        return toldToLeave || terminated || killed;
    }

    @Override
    public String toString() {
        return "worker %d of slot %d, generation %d".formatted(worker, slot, generation);
    }
}
