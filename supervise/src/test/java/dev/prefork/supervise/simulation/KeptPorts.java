package dev.prefork.supervise.simulation;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What whoever has the sockets keeps open for each slot: where those who had the place have
 * listened, until one of them closes it or has settled without it.
 */
final class KeptPorts {
    private final Map<Integer, Set<String>> kept = new HashMap<>();

    /**
     * Who has lost its channel serves nobody, and is not less in place: what it listened on, be it
     * as a newcomer, is kept for the next one.
     */
    void listens(SimulatedProcess process) {
        if (process.hasListened) {
            kept.computeIfAbsent(process.slot, _ -> new HashSet<>()).addAll(process.listens);
        }
    }

    void closes(SimulatedProcess process, String address) {
        of(process.slot).remove(address);
    }

    void settles(SimulatedProcess process) {
        of(process.slot).retainAll(process.listens);
    }

    void isClosed(int slot) {
        kept.remove(slot);
    }

    boolean hasListened(int slot) {
        return kept.containsKey(slot);
    }

    /** How many would be closed with this slot. */
    long keptOnlyFor(int slot) {
        return of(slot).stream().filter(port -> !isKeptBut(slot, port)).count();
    }

    private boolean isKeptBut(int slot, String port) {
        return kept.entrySet().stream()
                .anyMatch(other -> other.getKey() != slot && other.getValue().contains(port));
    }

    private Set<String> of(int slot) {
        return kept.getOrDefault(slot, new HashSet<>());
    }
}
