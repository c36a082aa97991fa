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

    /** What it is started with. */
    int generation;

    /** Of the cluster, and the system's; 0 before there is a process. */
    int id;

    int pid;

    /** Its program has begun. */
    boolean isOnline;

    /** Without it nobody reaches its servers. */
    boolean hasChannel = true;

    boolean hasListened;

    /** It has listened, or run for so long that it needs not. */
    boolean hasServed;

    /** What it does not listen on by now it will not. */
    boolean hasSettled;

    Optional<End> end = Optional.empty();
    List<String> lastLines = List.of();

    Member(int worker, Slot slot, int generation) {
        this.worker = worker;
        this.slot = slot;
        this.generation = generation;
    }

    boolean isNewcomer() {
        return state == WorkerState.TRIAL || state == WorkerState.PROBATION;
    }

    /**
     * Whether it can take another one's place: it listens wherever that one does at this moment.
     * Where nobody ever listened, it is as good as it gets when it runs, unless the other one may
     * just need longer to begin; one that has closed all its ports may be about to end, and says
     * nothing about what its successor lacks.
     */
    boolean canReplace(Member old) {
        return hasChannel && (hasListened || isSilent(old)) && lacks(old).isEmpty();
    }

    private static boolean isSilent(Member old) {
        return !old.slot.hasListened && old.state != WorkerState.STARTING;
    }

    /** Where the slot is served, and this one does not listen. */
    List<String> lacks(Member old) {
        Set<String> wanted = old.hasListened ? old.addresses : slot.lastAddresses;
        return wanted.stream().filter(address -> !addresses.contains(address)).toList();
    }

    void ended(End how) {
        end = Optional.of(how);
        slot.ended(this, how);
    }

    void listens(String address) {
        addresses.add(address);
        hasListened = true;
        hasServed = true;
    }

    Who who() {
        return new Who(slot.number, id, pid);
    }

    Status.Worker status() {
        return new Status.Worker(worker, who(), generation, state, List.copyOf(addresses));
    }
}
