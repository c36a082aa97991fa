package dev.prefork.listen;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A slot as this room knows it: what is kept open for its next filler while one is promised, so
 * that connections wait instead of being refused (SPEC F4). A slot nobody promises anything for
 * keeps nothing: last one out closes, as in Node.
 */
public final class SlotListeners {
    private final Set<ListenHandle> held = new LinkedHashSet<>();
    private boolean promised;
    private boolean closed;

    /**
     * A slot that keeps nothing yet.
     *
     * @param promised whether its fillers will have successors
     */
    public SlotListeners(boolean promised) {
        this.promised = promised;
    }

    boolean isPromised() {
        return promised;
    }

    void hold(ListenHandle handle) {
        held.add(handle);
    }

    void letGo(ListenHandle handle) {
        held.remove(handle);
    }

    boolean holds(ListenHandle handle) {
        return held.contains(handle);
    }

    /** What it held; it holds nothing any more. */
    List<ListenHandle> release() {
        List<ListenHandle> released = List.copyOf(held);
        held.clear();
        return released;
    }

    /** No filler will come any more. */
    void breakPromise() {
        promised = false;
        closed = true;
    }

    /** Whether there was a promise, and is none any more: its last fillers are here. */
    boolean isClosed() {
        return closed;
    }
}
