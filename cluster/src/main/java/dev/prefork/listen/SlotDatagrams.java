package dev.prefork.listen;

import dev.prefork.ipc.Handle;
import dev.prefork.posix.PortSteering;
import dev.prefork.posix.PosixException;
import dev.prefork.wire.QueryServer.Wishes;

import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * REUSE_PORT of datagrams: each slot has a socket of its own on the port, and what one address and
 * port sends reaches one slot, see {@link Shares}. What is in the queue of a slot that is not
 * served waits for its next filler: a datagram cannot be handed to another socket.
 */
final class SlotDatagrams implements Spread {
    /** When steering has failed. */
    static final Duration TRIES_AGAIN_AFTER = Duration.ofMillis(500);

    private final BiConsumer<Duration, Runnable> later;
    private final SlotQueues queues;
    private final Steering steering;
    private final Shares shares = new Shares();
    private boolean triesAgain;
    private boolean closed;

    /**
     * Of the first socket, which is nobody's yet.
     *
     * @param later runs a task on the loop's thread, so much later
     * @param first is the handle's to close
     * @param wishes for the other sockets
     */
    SlotDatagrams(
            BiConsumer<Duration, Runnable> later, String key, ListenSocket first, Wishes wishes) {
        this.later = later;
        this.queues = new SlotQueues(first, wishes);
        this.steering =
                new Steering(
                        key, numbers -> PortSteering.attachBySource(first.descriptor(), numbers));
    }

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
        List<Integer> served =
                queues.all().stream().filter(SlotQueue::isServed).map(SlotQueue::number).toList();
        // The kernel has no group of sockets before there are two.
        if (all > 1 && !served.isEmpty() && !steering.to(shares.among(all, served))) {
            tryAgainLater();
        }
    }

    private void tryAgainLater() {
        if (!triesAgain) {
            triesAgain = true;
            later.accept(
                    TRIES_AGAIN_AFTER,
                    () -> {
                        triesAgain = false;
                        if (!closed) {
                            steer();
                        }
                    });
        }
    }

    @Override
    public void close() {
        closed = true;
        queues.close();
    }
}
