package dev.prefork.supervise;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A place, which outlives its workers; {@link Roster} knows who is in it. */
final class Slot {
    /** From 0. */
    final int number;

    /** Whether it will be filled again. */
    boolean isOpen = true;

    /** In a row, of workers that died before they served (SPEC F14). */
    int deaths;

    /** Whether anyone who had this place has listened. */
    boolean hasListened;

    /** Where they did and nobody has closed it: it stays open for whoever comes next. */
    final Set<String> kept = new HashSet<>();

    /** Where who died last listened: who starts in his place is to listen there as well. */
    Set<String> lastAddresses = Set.of();

    Optional<Status.Ended> lastEnd = Optional.empty();

    Slot(int number) {
        this.number = number;
    }

    void died(boolean afterItServed) {
        deaths = afterItServed ? 0 : deaths + 1;
    }

    /** By who has this place. */
    void isServed(Member member) {
        hasListened |= member.hasListened;
        kept.addAll(member.addresses);
    }

    void ended(Member member, End end) {
        if (member.state.isCurrent() && member.hasListened) {
            lastAddresses = Set.copyOf(member.addresses);
        }
        lastEnd = Optional.of(new Status.Ended(member.who(), end, member.lastLines));
    }

    Status.Slot status(List<Member> members) {
        return new Status.Slot(
                number, isOpen, members.stream().map(Member::status).toList(), deaths, lastEnd);
    }
}
