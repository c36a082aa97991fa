package dev.prefork.supervise.simulation;

import dev.prefork.supervise.WorkerState;

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

    /** Of these, and of those that failed as newcomers: what nobody listens on any more. */
    private final Map<Integer, Set<String>> left = new HashMap<>();

    private final Set<Integer> settled = new HashSet<>();

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

    void ends(SimulatedProcess process) {
        if (!process.listens.isEmpty()) {
            left.computeIfAbsent(process.slot, _ -> new HashSet<>()).addAll(process.listens);
        }
        settled.remove(process.worker);
    }

    void settles(SimulatedProcess process) {
        settled.add(process.worker);
        of(process.slot).retainAll(process.listens);
        left.remove(process.slot);
    }

    void isClosed(int slot) {
        kept.remove(slot);
        left.remove(slot);
    }

    /** Whether connections wait there for nobody. */
    boolean hasForgotten(SimulatedProcess alone) {
        return alone.state == WorkerState.READY
                && settled.contains(alone.worker)
                && left.containsKey(alone.slot);
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
