package dev.prefork.listen;

import dev.prefork.AcceptShortage;
import dev.prefork.ipc.Handle;
import dev.prefork.log.LazyLogger;
import dev.prefork.loop.EventLoop;
import dev.prefork.posix.Errno;
import dev.prefork.posix.Fd;
import dev.prefork.posix.PortSteering;
import dev.prefork.posix.PosixException;
import dev.prefork.wire.QueryServer.Wishes;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * REUSE_PORT (SPEC D4): each slot has a listening socket of its own on the port, from which its
 * fillers accept; the kernel steers connections to those that are served, at random. Nothing of
 * ours is in the path.
 *
 * <p>A socket whose fillers are gone, or do not react while somebody waits in it, gets no more
 * connections, and those in its queue we accept and hand to the others. When there is nobody to
 * hand them to they wait for whoever comes first. No socket is closed before the last one: its
 * queue would be lost, and the kernel would number the others anew.
 *
 * <p>Fillers that cannot be handed anything, Node's and those for whose lane there is no room, have
 * one socket together, as under SCHED_NONE.
 */
final class ReusePort implements Spread, FedLane.Feeder {
    private static final LazyLogger LOG = new LazyLogger(ReusePort.class);

    /** So often we look for those who wait where nobody reacts. */
    static final Duration LOOK_EVERY = Duration.ofMillis(100);

    /** A filler that leaves a question unanswered for so long does not react. */
    static final Duration STALLED_AFTER = Duration.ofMillis(200);

    /** Whose socket is that of all who cannot be handed anything. */
    private final SlotListeners together = new SlotListeners(false);

    private final EventLoop loop;
    private final HandoffRoom room;
    private final Shortage shortage;
    private final String key;
    private final Wishes wishes;
    private final Chooser chooser;

    /** In the order in which their sockets began to listen: so the kernel numbers them. */
    private final List<SlotQueue> queues = new ArrayList<>();

    private final Map<Lane, SlotQueue> queueOf = new HashMap<>();

    private List<Integer> steered = List.of();
    private boolean steeringFails;
    private boolean takesNoMore;
    private boolean looking;
    private boolean closed;

    /**
     * Of the first socket, which is nobody's yet.
     *
     * @param first is the handle's to close
     * @param wishes for the other sockets
     */
    ReusePort(
            EventLoop loop,
            HandoffRoom room,
            Shortage shortage,
            String key,
            ListenSocket first,
            Wishes wishes)
            throws PosixException {
        this.loop = loop;
        this.room = room;
        this.shortage = shortage;
        this.key = key;
        this.wishes = wishes;
        this.chooser = new Chooser(loop::nanoTime);
        add(first, new SlotListeners(false));
    }

    private SlotQueue add(ListenSocket socket, SlotListeners slot) throws PosixException {
        Acceptor acceptor = new Acceptor(loop, socket, key, shortage, this::distribute);
        acceptor.rests(true);
        if (takesNoMore) {
            acceptor.takeNoMore();
        }
        SlotQueue queue = new SlotQueue(slot, socket, queues.size(), acceptor);
        queues.add(queue);
        return queue;
    }

    // Fillers.

    /** If this fails there may be a socket more, which the next filler has. */
    @Override
    public Lane open(Filler filler, boolean mayHandOff) throws PosixException {
        boolean handed = mayHandOff && room.take();
        SlotQueue queue;
        try {
            queue = queueFor(handed ? filler.slot() : together);
        } catch (PosixException | RuntimeException e) {
            if (handed) {
                room.giveBack();
            }
            throw e;
        }
        Lane lane =
                handed
                        ? HandoffLane.withListener(
                                loop, room, filler, this, queue.socket().descriptor())
                        : new SharedLane(queue.socket(), Handle.NET_NATIVE);
        queue.add();
        queueOf.put(lane, queue);
        return lane;
    }

    private SlotQueue queueFor(SlotListeners slot) throws PosixException {
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
        ListenSocket socket = queues.getFirst().socket().another(wishes);
        try {
            return add(socket, slot);
        } catch (PosixException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** One that can be asked says itself when it accepts. */
    @Override
    public void begin(Lane lane) {
        if (lane instanceof SharedLane) {
            queueOf.get(lane).accepts(lane);
            showWhoIsServed();
        }
    }

    @Override
    public void end(Lane lane) {
        SlotQueue queue = queueOf.remove(lane);
        if (queue != null) {
            queue.remove(lane);
        }
        if (lane instanceof FedLane fed) {
            chooser.remove(fed);
        }
        showWhoIsServed();
    }

    /** It has the listening socket, or has accepted something, or answers that it accepts. */
    @Override
    public void freed(FedLane lane) {
        SlotQueue queue = queueOf.get(lane);
        if (queue == null || !lane.isActive()) {
            chooser.remove(lane);
            return;
        }
        queue.accepts(lane);
        chooser.freed(lane);
        showWhoIsServed();
    }

    // Who is served.

    private void showWhoIsServed() {
        if (closed) {
            return;
        }
        steer();
        boolean anyCanBeHanded = canBeHanded();
        // Without anybody to hand them to they wait where they are.
        queues.forEach(queue -> queue.acceptor().rests(queue.isServed() || !anyCanBeHanded));
        distribute();
        if (anyCanBeHanded && queueOf.size() > 1) {
            lookSoon();
        }
    }

    /** Whether there is a filler that accepts, and to which we can hand something. */
    private boolean canBeHanded() {
        return handed().findAny().isPresent();
    }

    private boolean canBeHandedToOthersThan(Lane one) {
        return handed().anyMatch(lane -> !lane.equals(one));
    }

    private Stream<Lane> handed() {
        return queueOf.entrySet().stream()
                .filter(each -> each.getValue().isAccepting(each.getKey()))
                .map(Map.Entry::getKey)
                .filter(FedLane.class::isInstance);
    }

    /**
     * Each filler that accepts gets as many as the others. Where that cannot be, those that come
     * where nobody is we hand on.
     */
    private void steer() {
        List<Integer> numbers = new ArrayList<>();
        for (SlotQueue queue : queues) {
            boolean isOfMany = queue.isOf(together);
            int part = isOfMany ? queue.accepting() : Math.min(1, queue.accepting());
            numbers.addAll(Collections.nCopies(part, queue.number()));
        }
        if (numbers.isEmpty() || numbers.equals(steered)) {
            return;
        }
        try {
            PortSteering.attach(
                    queues.getFirst().socket().descriptor(),
                    numbers.stream().mapToInt(Integer::intValue).toArray());
            steered = numbers;
        } catch (PosixException e) {
            if (!steeringFails) {
                steeringFails = true;
                LOG.get()
                        .log(
                                System.Logger.Level.WARNING,
                                "cannot steer connections to the workers that accept key=" + key,
                                e);
            }
        }
    }

    private void lookSoon() {
        if (!looking) {
            looking = true;
            loop.schedule(LOOK_EVERY, this::look);
        }
    }

    private void look() {
        looking = false;
        if (!closed) {
            for (Lane lane : List.copyOf(queueOf.keySet())) {
                // Who is looked at before may have had this one end.
                SlotQueue queue = queueOf.get(lane);
                if (queue != null && lane instanceof HandoffLane ours) {
                    look(ours, queue);
                }
            }
            showWhoIsServed();
        }
    }

    private void look(HandoffLane lane, SlotQueue queue) {
        if (!lane.isActive()) {
            // It has ended by itself, and says no more.
            queue.stops(lane);
            chooser.remove(lane);
        } else if (lane.isAsked()) {
            boolean othersServe = canBeHandedToOthersThan(lane);
            // Without another to serve them, connections are where they belong.
            if (othersServe && lane.isSilentFor(STALLED_AFTER)) {
                queue.stops(lane);
                lane.reclaim();
                leaveAlone(lane);
            }
        } else if (chooser.isFree(lane) && !queue.socket().isQueueEmpty()) {
            chooser.handed(lane);
            lane.probe();
        }
    }

    /** Until it answers; nobody waits for what it has. */
    private void leaveAlone(HandoffLane lane) {
        if (lane.underWay().isEmpty()) {
            chooser.aside(lane);
        }
    }

    // What nobody has accepted.

    private void distribute() {
        for (SlotQueue queue : queues) {
            Acceptor acceptor = queue.acceptor();
            while (acceptor.hasWaiting()) {
                Optional<FedLane> lane = chooser.next(acceptor.waiting());
                if (lane.isEmpty()) {
                    return;
                }
                chooser.handed(lane.get());
                lane.get().hand(acceptor.take().orElseThrow());
            }
        }
    }

    @Override
    public void hasClosedSome() {
        // It is not told how many are open.
    }

    @Override
    public void returned(Fd connection) {
        queues.getFirst().acceptor().putBack(connection);
        distribute();
    }

    @Override
    public void hasNoRoom(FedLane lane) {
        shortage.met(AcceptShortage.Where.WORKER, Errno.EMFILE);
        refused(lane);
    }

    @Override
    public void refused(FedLane lane) {
        chooser.aside(lane);
        loop.schedule(lane.pause().next(), () -> mayBeHandedAgain((HandoffLane) lane));
    }

    private void mayBeHandedAgain(HandoffLane lane) {
        if (lane.isActive() && queueOf.containsKey(lane) && !lane.isAsked()) {
            chooser.freed(lane);
            distribute();
        }
    }

    // The end.

    @Override
    public void takeNoMore() {
        takesNoMore = true;
        queues.forEach(queue -> queue.acceptor().takeNoMore());
    }

    @Override
    public boolean takeAgain() {
        takesNoMore = false;
        return queues.stream().allMatch(queue -> queue.acceptor().takeAgain());
    }

    @Override
    public boolean isAtRest() {
        return chooser.busy().isEmpty()
                && queues.stream().allMatch(queue -> queue.acceptor().isAtRest());
    }

    @Override
    public void close() {
        closed = true;
        queues.forEach(queue -> queue.acceptor().close());
        // The first one is the handle's.
        queues.stream().skip(1).forEach(queue -> queue.socket().close());
        chooser.clear();
    }
}
