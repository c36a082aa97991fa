package dev.prefork.listen;

import dev.prefork.ipc.Handle;
import dev.prefork.posix.PortSteering;
import dev.prefork.posix.PosixException;
import dev.prefork.wire.QueryServer.Wishes;

/**
 * REUSE_PORT of datagrams: each slot has a socket of its own on the port, and what one address and
 * port sends reaches one slot, as long as it is served. What is in the queue of a slot that is not
 * waits for its next filler: a datagram cannot be handed to another socket.
 */
final class SlotDatagrams implements Spread {
    private final SlotQueues queues;
    private final Steering steering;

    /**
     * Of the first socket, which is nobody's yet.
     *
     * @param first is the handle's to close
     * @param wishes for the other sockets
     */
    SlotDatagrams(String key, ListenSocket first, Wishes wishes) {
        this.queues = new SlotQueues(first, wishes);
        this.steering =
                new Steering(
                        key,
                        (all, numbers) ->
                                PortSteering.attachBySource(first.descriptor(), all, numbers));
    }

    /** If this fails there may be a socket more, which the next filler has. */
    @Override
    public Lane open(Filler filler, boolean mayHandOff) throws PosixException {
        SlotQueue queue = queues.of(filler.slot());
        Lane lane = new SharedLane(queue.socket(), Handle.DGRAM_NATIVE);
        queues.add(lane, queue);
        return lane;
    }

    @Override
    public void begin(Lane lane) {
        queues.of(lane).orElseThrow().accepts(lane);
        steer();
    }

    @Override
    public void end(Lane lane) {
        queues.remove(lane);
        steer();
    }

    private void steer() {
        int all = queues.all().size();
        // The kernel has no group of sockets before there are two.
        if (all > 1) {
            steering.to(
                    all,
                    queues.all().stream()
                            .filter(SlotQueue::isServed)
                            .map(SlotQueue::number)
                            .toList());
        }
    }

    @Override
    public void close() {
        queues.close();
    }
}
