package dev.prefork.primary;

import java.util.TreeMap;

/**
 * Which of the workers in slots is the leader: the one that has been there for longest, until its
 * process has ended. There are never two, as the next one is told after that; there is none while
 * nobody can be told. Belongs to the event thread.
 */
final class Leadership {
    /** Those that are online, by id. */
    private final TreeMap<Integer, ForkedWorker> candidates = new TreeMap<>();

    private ForkedWorker leader;

    void online(ForkedWorker worker) {
        if (worker.slot().isPresent() && !worker.isDead()) {
            candidates.put(worker.id(), worker);
            elect();
        }
    }

    void ended(ForkedWorker worker) {
        candidates.remove(worker.id());
        if (worker == leader) {
            leader = null;
        }
        elect();
    }

    private void elect() {
        if (leader != null) {
            return;
        }
        for (ForkedWorker candidate : candidates.values()) {
            if (candidate.isConnected() && !candidate.events().isLeaving()) {
                leader = candidate;
                candidate.leads();
                return;
            }
        }
    }
}
