package dev.prefork.listen;

import java.util.ArrayList;
import java.util.List;

/**
 * One of several sockets on a port: that of one slot, whose fillers accept, or read datagrams, from
 * it. While none does, we do for the others, where that can be.
 *
 * <pre>
 *   LEFT ── a filler accepts ──▶ SERVED ── the last one is gone, or does not react ──▶ LEFT
 * </pre>
 */
final class SlotQueue {
    private final ListenSocket socket;
    private final int number;
    private SlotListeners slot;

    /** How many fillers have it, whether they accept by now or not. */
    private int fillers;

    /** Those that accept. */
    private final List<Lane> accepting = new ArrayList<>();

    /**
     * Left as yet.
     *
     * @param number of the socket among those of its port
     */
    SlotQueue(SlotListeners slot, ListenSocket socket, int number) {
        this.slot = slot;
        this.socket = socket;
        this.number = number;
    }

    ListenSocket socket() {
        return socket;
    }

    int number() {
        return number;
    }

    boolean isOf(SlotListeners asked) {
        return slot == asked;
    }

    /** Whether no filler of its slot has it, or will. */
    boolean isFree() {
        return fillers == 0 && !slot.isPromised();
    }

    /** It is another slot's from now on. */
    void give(SlotListeners next) {
        slot = next;
    }

    /** A filler is about to have it. */
    void add() {
        fillers++;
    }

    /** A filler has it no more. */
    void remove(Lane lane) {
        fillers--;
        stops(lane);
    }

    /** This filler accepts from now on, or again. */
    void accepts(Lane lane) {
        if (!isAccepting(lane)) {
            accepting.add(lane);
        }
    }

    /** It does not, for the time being or for ever. */
    void stops(Lane lane) {
        accepting.remove(lane);
    }

    boolean isAccepting(Lane lane) {
        return accepting.contains(lane);
    }

    /** How many fillers accept. */
    int accepting() {
        return accepting.size();
    }

    boolean isServed() {
        return !accepting.isEmpty();
    }
}
