package dev.prefork.listen;

import dev.prefork.posix.PosixException;
import dev.prefork.wire.QueryServer.Wishes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The sockets on one port, one for each slot that has had a filler, and which filler has which.
 * None is closed before the last: its queue would be lost, and the kernel would number the others
 * anew.
 */
final class SlotQueues {
    private final Wishes wishes;

    /** In the order in which their sockets were bound or began to listen, as the kernel counts. */
    private final List<SlotQueue> queues = new ArrayList<>();

    private final Map<Lane, SlotQueue> queueOf = new HashMap<>();

    /**
     * Of the first socket, which is nobody's yet.
     *
     * @param first is the handle's to close
     * @param wishes for the other sockets
     */
    SlotQueues(ListenSocket first, Wishes wishes) {
        this.wishes = wishes;
        queues.add(new SlotQueue(new SlotListeners(false), first, 0));
    }

    /** That of a slot: it has one, takes one that nobody has, or gets a new one. */
    SlotQueue of(SlotListeners slot) throws PosixException {
        for (SlotQueue queue : queues) {
            if (queue.isOf(slot)) {
                return queue;
            }
        }
        for (SlotQueue queue : queues) {
            if (queue.isFree()) {
                queue.give(slot);
                return queue;
            }
        }
        ListenSocket socket = first().another(wishes);
        SlotQueue queue = new SlotQueue(slot, socket, queues.size());
        queues.add(queue);
        return queue;
    }

    /** All by number. */
    List<SlotQueue> all() {
        return queues;
    }

    ListenSocket first() {
        return queues.getFirst().socket();
    }

    /** A filler is about to have this one. */
    void add(Lane lane, SlotQueue queue) {
        queue.add();
        queueOf.put(lane, queue);
    }

    /** A filler has what it had no more. */
    void remove(Lane lane) {
        SlotQueue queue = queueOf.remove(lane);
        if (queue != null) {
            queue.remove(lane);
        }
    }

    /** That of a filler; empty where it has none any more. */
    Optional<SlotQueue> of(Lane lane) {
        return Optional.ofNullable(queueOf.get(lane));
    }

    Set<Lane> lanes() {
        return queueOf.keySet();
    }

    /** Those of fillers that accept. */
    Stream<Lane> accepting() {
        return queueOf.entrySet().stream()
                .filter(each -> each.getValue().isAccepting(each.getKey()))
                .map(Map.Entry::getKey);
    }

    /** Closes them all but the first. */
    void close() {
        queues.stream().skip(1).forEach(queue -> queue.socket().close());
    }
}
