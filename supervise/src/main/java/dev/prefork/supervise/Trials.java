package dev.prefork.supervise;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/** The newcomers of a reload that have not taken a place yet, and whose place it is. */
final class Trials {
    private final Map<Member, Member> olds = new LinkedHashMap<>();

    void begin(Member newcomer, Member old) {
        olds.put(newcomer, old);
    }

    /** Returns whose place it was to take. */
    Member end(Member newcomer) {
        return olds.remove(newcomer);
    }

    Member oldOf(Member newcomer) {
        return olds.get(newcomer);
    }

    /** Who is to take this one's place. */
    Optional<Member> newcomerFor(Member old) {
        return olds.entrySet().stream()
                .filter(trial -> trial.getValue() == old)
                .map(Map.Entry::getKey)
                .findFirst();
    }

    boolean isReplaced(Member member) {
        return olds.containsValue(member);
    }

    /** The one that was to be replaced has died, and this one is in its place. */
    void isNow(Member dead, Member successor) {
        olds.replaceAll((_, old) -> old == dead ? successor : old);
    }

    /** What is done with one of them may end its trial, or begin another's. */
    void each(BiConsumer<Member, Member> action) {
        new LinkedHashMap<>(olds).forEach(action);
    }

    /** Returns the newcomers. */
    List<Member> endAll() {
        List<Member> newcomers = new ArrayList<>(olds.keySet());
        olds.clear();
        return newcomers;
    }

    boolean isEmpty() {
        return olds.isEmpty();
    }

    List<Member> olds() {
        return List.copyOf(olds.values());
    }

    long countOf(Predicate<Member> old) {
        return olds.values().stream().filter(old).count();
    }
}
