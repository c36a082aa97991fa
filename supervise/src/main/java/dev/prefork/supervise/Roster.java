package dev.prefork.supervise;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** The slots of a {@link Supervisor}, and the workers that are not gone, oldest first. */
final class Roster {
    private final Map<Integer, Slot> slots = new TreeMap<>();
    private final Map<Integer, Member> members = new LinkedHashMap<>();
    private int lastWorker;

    // Slots.

    /** A new place, with the lowest number that is free. */
    Slot open() {
        Slot slot = new Slot(lowestBut(slots::containsKey));
        slots.put(slot.number, slot);
        return slot;
    }

    /** It is forgotten when it is empty. */
    void close(Slot slot) {
        slot.isOpen = false;
        forgetIfUnused(slot);
    }

    List<Slot> openSlots() {
        return slots.values().stream().filter(slot -> slot.isOpen).toList();
    }

    private void forgetIfUnused(Slot slot) {
        if (!slot.isOpen && in(slot).isEmpty()) {
            slots.remove(slot.number, slot);
        }
    }

    // Workers.

    Member add(Slot slot, int generation) {
        Member member = new Member(++lastWorker, slot, generation);
        members.put(member.worker, member);
        return member;
    }

    void remove(Member member) {
        members.remove(member.worker);
        forgetIfUnused(member.slot);
    }

    Optional<Member> find(int worker) {
        return Optional.ofNullable(members.get(worker));
    }

    boolean isEmpty() {
        return members.isEmpty();
    }

    List<Member> all() {
        return new ArrayList<>(members.values());
    }

    /** Those that shall serve, now or soon. */
    List<Member> current() {
        return those(member -> member.state.isCurrent());
    }

    /** Those that have a process. */
    List<Member> living() {
        return those(member -> member.state.isAlive());
    }

    List<Member> ready() {
        return those(member -> member.state == WorkerState.READY);
    }

    /** Whether all are that shall serve. */
    boolean areAllReady() {
        return members.values().stream()
                .map(member -> member.state)
                .allMatch(state -> state == WorkerState.READY || !state.isCurrent());
    }

    List<Member> in(Slot slot) {
        return those(member -> member.slot == slot);
    }

    private List<Member> those(Predicate<Member> condition) {
        List<Member> those = new ArrayList<>();
        for (Member member : members.values()) {
            if (condition.test(member)) {
                those.add(member);
            }
        }
        return those;
    }

    private static int lowestBut(Predicate<Integer> isTaken) {
        return IntStream.iterate(0, number -> number + 1)
                .filter(number -> !isTaken.test(number))
                .findFirst()
                .orElseThrow();
    }

    /**
     * Who can go if there is to be one fewer: one whose slot nobody misses, the newest of equal
     * ones.
     *
     * @param isReplaced whether there is a newcomer for it, which would have to go as well
     */
    Member spare(Predicate<Member> isReplaced) {
        return current().reversed().stream()
                .min(
                        Comparator.comparingLong((Member member) -> keptOnlyFor(member.slot))
                                .thenComparing(member -> member.slot.hasListened)
                                .thenComparing(member -> member.state == WorkerState.READY)
                                .thenComparing(isReplaced::test))
                .orElseThrow();
    }

    /** How many addresses would be closed with this slot. */
    private long keptOnlyFor(Slot slot) {
        return slot.kept.stream().filter(address -> !isKeptBut(slot, address)).count();
    }

    private boolean isKeptBut(Slot slot, String address) {
        return openSlots().stream()
                .anyMatch(other -> other != slot && other.kept.contains(address));
    }

    /** Those of the current ones that have a process. */
    List<Who> running() {
        return current().stream().map(Member::who).filter(Who::wasStarted).toList();
    }

    /** What those that are ready listen on. */
    Set<String> addresses() {
        Set<String> addresses = new LinkedHashSet<>();
        ready().forEach(member -> addresses.addAll(member.addresses));
        return addresses;
    }

    List<Status.Slot> status() {
        return slots.values().stream().map(slot -> slot.status(in(slot))).toList();
    }
}
