package dev.prefork.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** The workers of a {@link Supervisor} that are not gone, oldest first. */
final class Roster {
    private final Map<Integer, Member> members = new LinkedHashMap<>();
    private int lastNumber;

    Member add() {
        Member member = new Member(++lastNumber);
        members.put(member.number, member);
        return member;
    }

    void remove(Member member) {
        members.remove(member.number);
    }

    Optional<Member> find(int number) {
        return Optional.ofNullable(members.get(number));
    }

    boolean isEmpty() {
        return members.isEmpty();
    }

    List<Member> all() {
        return new ArrayList<>(members.values());
    }

    /** Those that shall serve, now or soon. */
    List<Member> current() {
        return members.values().stream().filter(member -> member.state.isCurrent()).toList();
    }

    /** Those that have a process. */
    List<Member> living() {
        return members.values().stream().filter(member -> member.state.isAlive()).toList();
    }

    List<Member> ready() {
        return members.values().stream()
                .filter(member -> member.state == WorkerState.READY)
                .toList();
    }

    /** The lowest number from 0 that no living worker has. */
    int freeSlot() {
        List<Integer> taken = living().stream().map(member -> member.slot).toList();
        return IntStream.iterate(0, slot -> slot + 1)
                .filter(slot -> !taken.contains(slot))
                .findFirst()
                .orElseThrow();
    }

    /** What those that are ready listen on. */
    Set<String> addresses() {
        Set<String> addresses = new LinkedHashSet<>();
        ready().forEach(member -> addresses.addAll(member.addresses));
        return addresses;
    }
}
