package dev.prefork.supervise;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the {@link Supervisor} knows of a worker, from the wish for one until its end. */
final class Member {
    /** That no other one has had; they are in the order of age. */
    final int worker;

    final Slot slot;

    /** Where it listens now. */
    final Set<String> addresses = new LinkedHashSet<>();

    WorkerState state = WorkerState.WAITING;

    /** What it was started with. */
    int generation;

    /** Of the cluster, and the system's; 0 before there is a process. */
    int id;

    int pid;
    boolean isOnline;
    boolean hasListened;
    Optional<End> end = Optional.empty();
    List<String> lastLines = List.of();

    Member(int worker, Slot slot) {
        this.worker = worker;
        this.slot = slot;
    }

    boolean isNewcomer() {
        return state == WorkerState.TRIAL;
    }

    /**
     * Whether it can take another one's place: it listens wherever that one does at this moment.
     * One that never listened is as good as it gets when it runs; one that has closed all its ports
     * may be about to end, and says nothing about what its successor lacks.
     */
    boolean canReplace(Member old) {
        boolean isUp = hasListened || (isOnline && !old.hasListened);
        return isUp && addresses.containsAll(old.addresses);
    }

    Who who() {
        return new Who(slot.number, id, pid);
    }

    Status.Worker status() {
        return new Status.Worker(worker, who(), generation, state, List.copyOf(addresses));
    }
}
