package dev.prefork.listen;

import dev.prefork.AcceptShortage;
import dev.prefork.ipc.Handle;
import dev.prefork.loop.EventLoop;
import dev.prefork.posix.Errno;
import dev.prefork.posix.Fd;
import dev.prefork.posix.PortSteering;
import dev.prefork.posix.PosixException;
import dev.prefork.wire.QueryServer.Wishes;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * REUSE_PORT (SPEC D4): each slot has a listening socket of its own on the port, from which its
 * fillers accept; the kernel steers connections to those that are served, at random. Nothing of
 * ours is in the path.
 *
 * <p>A socket whose fillers are gone, or do not react while somebody waits in it, gets no more
 * connections, and those in its queue we accept and hand to the others. When there is nobody to
 * hand them to they wait for whoever comes first.
 *
 * <p>Fillers that cannot be handed anything, Node's and those for whose lane there is no room, have
 * one socket together, as under SCHED_NONE.
 */
final class ReusePort implements Spread, FedLane.Feeder {
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
    private final Chooser chooser;
    private final SlotQueues queues;
    private final Steering steering;

    /** By the number of the socket. */
    private final List<Acceptor> acceptors = new ArrayList<>();

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
        this.chooser = new Chooser(loop::nanoTime);
        this.queues = new SlotQueues(first, wishes);
        this.steering =
                new Steering(key, numbers -> PortSteering.attach(first.descriptor(), numbers));
        acceptFromAll();
    }

    /** For the sockets that have no acceptor yet; one that it fails for has no filler either. */
    private void acceptFromAll() throws PosixException {
        for (SlotQueue queue : queues.all().subList(acceptors.size(), queues.all().size())) {
            Acceptor acceptor = new Acceptor(loop, queue.socket(), key, shortage, this::distribute);
            acceptor.rests(true);
            if (takesNoMore) {
                acceptor.takeNoMore();
            }
            acceptors.add(acceptor);
        }
    }

    // Fillers.

    /** If this fails there may be a socket more, which the next filler has. */
    @Override
    public Lane open(Filler filler, boolean mayHandOff) throws PosixException {
        boolean handed = mayHandOff && room.take();
        SlotQueue queue;
        try {
            queue = queues.of(handed ? filler.slot() : together);
            acceptFromAll();
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
        queues.add(lane, queue);
        return lane;
    }

    /** One that can be asked says itself when it accepts. */
    @Override
    public void begin(Lane lane) {
        if (lane instanceof SharedLane) {
            queues.of(lane).orElseThrow().accepts(lane);
            showWhoIsServed();
        }
    }

    @Override
    public void end(Lane lane) {
        queues.remove(lane);
        if (lane instanceof FedLane fed) {
            chooser.remove(fed);
        }
        showWhoIsServed();
    }

    /** It has the listening socket, or has accepted something, or answers that it accepts. */
    @Override
    public void freed(FedLane lane) {
        Optional<SlotQueue> queue = queues.of(lane);
        if (queue.isEmpty() || !lane.isActive()) {
            chooser.remove(lane);
            return;
        }
        queue.get().accepts(lane);
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
        for (int i = 0; i < acceptors.size(); i++) {
            acceptors.get(i).rests(queues.all().get(i).isServed() || !anyCanBeHanded);
        }
        distribute();
        if (anyCanBeHanded && queues.lanes().size() > 1) {
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
        return queues.accepting().filter(FedLane.class::isInstance);
    }

    /**
     * Each filler that accepts gets as many as the others. Where that cannot be, those that come
     * where nobody is we hand on.
     */
    private void steer() {
        List<Integer> numbers = new ArrayList<>();
        for (SlotQueue queue : queues.all()) {
            boolean isOfMany = queue.isOf(together);
            int part = isOfMany ? queue.accepting() : Math.min(1, queue.accepting());
            numbers.addAll(Collections.nCopies(part, queue.number()));
        }
        // If it fails, the next look tries it again.
        var _ = steering.to(numbers.stream().mapToInt(Integer::intValue).toArray());
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
            for (Lane lane : List.copyOf(queues.lanes())) {
                // Who is looked at before may have had this one end.
                if (lane instanceof HandoffLane ours) {
                    queues.of(lane).ifPresent(queue -> look(ours, queue));
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
        for (Acceptor acceptor : acceptors) {
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
        acceptors.getFirst().putBack(connection);
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
        if (lane.isActive() && queues.of(lane).isPresent() && !lane.isAsked()) {
            chooser.freed(lane);
            distribute();
        }
    }

    // The end.

    @Override
    public void takeNoMore() {
        takesNoMore = true;
        acceptors.forEach(Acceptor::takeNoMore);
    }

    @Override
    public boolean takeAgain() {
        takesNoMore = false;
        return acceptors.stream().allMatch(Acceptor::takeAgain);
    }

    @Override
    public boolean isAtRest() {
        return chooser.busy().isEmpty() && acceptors.stream().allMatch(Acceptor::isAtRest);
    }

    @Override
    public int queued() {
        return acceptors.stream().mapToInt(Acceptor::queued).sum();
    }

    @Override
    public void close() {
        closed = true;
        acceptors.forEach(Acceptor::close);
        queues.close();
        chooser.clear();
    }
}
