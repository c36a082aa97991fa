package dev.prefork.cli;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Set;

/**
 * A rolling reload: for each worker a newcomer is tried, one at a time, and the old one goes when
 * the newcomer listens wherever it does.
 */
final class Reload {
    private final Deque<Member> rest;
    private Member old;
    private Member newcomer;

    Reload(Collection<Member> workers) {
        this.rest = new ArrayDeque<>(workers);
    }

    /** Takes the next worker that is still to be replaced; false when there is none. */
    boolean next() {
        do {
            old = rest.poll();
        } while (old != null && !old.state.isCurrent());
        return old != null;
    }

    void tries(Member worker) {
        newcomer = worker;
    }

    Member old() {
        return old;
    }

    Member newcomer() {
        return newcomer;
    }

    /** Where the newcomer must listen; nowhere if the old one does not. */
    Set<String> addresses() {
        return old.addresses;
    }
}
