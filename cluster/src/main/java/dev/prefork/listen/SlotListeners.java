package dev.prefork.listen;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A slot as this room knows it: what is kept open for its next filler while one is promised, so
 * that connections wait instead of being refused (SPEC F4). A slot nobody promises anything for
 * keeps nothing: last one out closes, as in Node.
 */
public final class SlotListeners {
    private final OptionalInt number;
    private final Set<ListenHandle> held = new LinkedHashSet<>();
    private boolean promised;
    private boolean closed;

    /** A slot that keeps nothing yet, and whose fillers will have successors. */
    public SlotListeners(int number) {
        this(OptionalInt.of(number), true);
    }

    /**
     * As {@link #SlotListeners(int)}, of no number.
     *
     * @param promised whether its fillers will have successors
     */
    public SlotListeners(boolean promised) {
        this(OptionalInt.empty(), promised);
    }

    private SlotListeners(OptionalInt number, boolean promised) {
        this.number = number;
        this.promised = promised;
    }

    OptionalInt number() {
        return number;
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
