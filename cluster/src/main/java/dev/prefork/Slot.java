package dev.prefork;

import java.util.Map;

/**
 * A numbered place for a worker, which outlives it. While a slot is open, a successor of its worker
 * is promised: what the worker listened on stays open when it dies or leaves, and connections wait
 * for the next instead of being refused (SPEC F4). Node has nothing like it: there, the last worker
 * that leaves a port closes it.
 *
 * <p>One worker fills a slot at a time, two while one is being replaced. Safe for any thread.
 */
public interface Slot extends AutoCloseable {
    /** From 0. */
    int number();

    /**
     * Starts a worker in this slot, as {@link Prefork#fork(Map)} does; in the variable {@code
     * PREFORK_SLOT} it finds the slot's number, unless the environment says something else.
     *
     * @throws IllegalStateException when the slot is closed
     */
    Worker fork(Map<String, String> environment);

    /**
     * As {@link #fork(Map)}, with settings of its own; see {@link Prefork#fork(ClusterSettings)}.
     */
    Worker fork(ClusterSettings settings, Map<String, String> environment);

    /**
     * The present worker serves all that it is going to: what an earlier one left open, and this
     * one has not, is closed.
     */
    void settle();

    /** No successor any more: what waits for one is closed. Its workers go on. */
    @Override
    void close();
}
