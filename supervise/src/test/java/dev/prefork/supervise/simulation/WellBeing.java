package dev.prefork.supervise.simulation;

import static dev.prefork.supervise.simulation.BrokenRule.must;

import dev.prefork.supervise.Status;
import dev.prefork.supervise.WorkerState;

import java.util.Set;

/** What must be true once everybody has done for minutes what a good program does. */
final class WellBeing {
    private WellBeing() {}

    static void check(Status status, int workers, Generations generations) {
        must(
                !(status.reload() instanceof Status.Reload.InProgress)
                        && !(status.reload() instanceof Status.Reload.RollingBack),
                () -> "a reload ends");
        status.slots().forEach(slot -> check(slot, generations));
        must(status.slots().size() == workers, () -> "%d serve".formatted(workers));
    }

    private static void check(Status.Slot slot, Generations generations) {
        must(
                slot.open() && slot.workers().size() == 1,
                () -> "there are no others than one in each slot: " + slot);
        Status.Worker only = slot.workers().getFirst();
        must(only.state() == WorkerState.READY, () -> only + " serves");
        generations.checkWellBeing(only.generation());
        must(
                Set.copyOf(only.addresses()).equals(Set.copyOf(World.ADDRESSES)),
                () -> only + " is known to listen everywhere");
    }
}
