package dev.prefork.listen;

import dev.prefork.ipc.Handle;
import dev.prefork.log.LazyLogger;
import dev.prefork.loop.EventLoop;
import dev.prefork.net.Handoff;
import dev.prefork.posix.DescriptorSocket;
import dev.prefork.posix.Epoll;
import dev.prefork.posix.Fd;
import dev.prefork.posix.PosixException;
import dev.prefork.posix.Sockets;
import dev.prefork.wire.Grant;

import java.time.Duration;
import java.util.Optional;

/**
 * A lane over a socket of its own, which the worker's server polls itself: no other thread of the
 * worker is in the path. See {@link Handoff} for the protocol.
 *
 * <p>We keep the worker's end open as well. What the worker has not received can therefore be
 * received here instead, and the kernel sees to it that only one of the two gets it: a worker that
 * is stopped, stuck or dead loses nothing.
 *
 * <pre>
 *   (a listener is sent) PROBING ── ready ──▶ FREE
 *   FREE ── probe ──▶ PROBING
 *   FREE ── hand ──▶ HANDED ── accepted ──▶ FREE
 *                      ├── reclaim ──▶ PROBING ── ready ──▶ FREE
 *                      └── not received (the worker has no descriptors left) ──▶ FREE, after the feeder's pause
 *   any ── retire, and nothing under way ──▶ CLOSED
 * </pre>
 */
final class HandoffLane implements FedLane {
    private static final LazyLogger LOG = new LazyLogger(HandoffLane.class);

    private static final byte[] CONNECTION = {Handoff.CONNECTION};
    private static final byte[] PROBE = {Handoff.PROBE};
    private static final byte[] LISTENER = {Handoff.LISTENER};

    /** A worker that says more in a row is not keeping to the protocol; others get their turn. */
    private static final int PACKETS_PER_TURN = 16;

    private final EventLoop loop;
    private final HandoffRoom room;
    private final Filler filler;
    private final Feeder feeder;
    private final DescriptorSocket near;
    private final DescriptorSocket far;
    private final Fd workerEnd;
    private final EventLoop.Watch watch;
    private final UnderWay underWay;
    private final Pause pause = new Pause();
    private final OpenCount open = new OpenCount();
    private boolean ended;
    private boolean probing;
    private long probedNanos;
    private boolean hasListener;
    private boolean retired;

    private HandoffLane(
            EventLoop loop, HandoffRoom room, Fd near, Fd far, Filler filler, Feeder feeder)
            throws PosixException {
        this.loop = loop;
        this.room = room;
        this.filler = filler;
        this.feeder = feeder;
        this.underWay = new UnderWay(loop);
        this.watch = loop.watch(near.number(), Epoll.READABLE, events -> drain());
        this.near = new DescriptorSocket(near, Handoff.BUFFER_BYTES);
        this.far = new DescriptorSocket(far, Handoff.BUFFER_BYTES);
        this.workerEnd = far;
    }

    /**
     * Opens one.
     *
     * @param room where its place is taken, which is given back when this fails, or at its end
     */
    static HandoffLane open(EventLoop loop, HandoffRoom room, Filler filler, Feeder feeder)
            throws PosixException {
        Fd[] ends = {};
        HandoffLane opened = null;
        try {
            ends = Sockets.pair(Sockets.Type.SEQPACKET);
            opened = new HandoffLane(loop, room, ends[0], ends[1], filler, feeder);
            return opened;
        } finally {
            if (opened == null) {
                room.giveBack();
                for (Fd end : ends) {
                    end.close();
                }
            }
        }
    }

    /**
     * As {@link #open}, of a filler that also accepts from a listening socket: free when it does.
     *
     * @param listener which stays the caller's
     */
    static HandoffLane withListener(
            EventLoop loop, HandoffRoom room, Filler filler, Feeder feeder, int listener)
            throws PosixException {
        HandoffLane lane = open(loop, room, filler, feeder);
        int sent = lane.near.send(LISTENER, 0, 1, listener);
        if (sent < 0) {
            lane.retire();
            throw new PosixException("sendmsg", "a lane of " + filler, -sent);
        }
        lane.hasListener = true;
        lane.probing(true);
        return lane;
    }

    private void probing(boolean asked) {
        probing = asked;
        probedNanos = loop.nanoTime();
    }

    @Override
    public Optional<Handle> grantHandle() throws PosixException {
        return Optional.of(new Handle(Handle.NET_NATIVE, workerEnd.duplicate()));
    }

    @Override
    public Grant.Way way() {
        return hasListener ? Grant.Way.STEERED : Grant.Way.HANDOFF;
    }

    @Override
    public void hand(Fd connection) {
        if (near.send(CONNECTION, 0, 1, connection.number()) < 0) {
            // ETOOMANYREFS: too many descriptors of this user are in sockets. It passes.
            feeder.refused(this);
            feeder.returned(connection);
        } else {
            underWay.set(connection);
        }
    }

    private void drain() {
        for (int i = 0; i < PACKETS_PER_TURN && near.isOpen() && !ended; i++) {
            int count = near.receive();
            if (count < 0) {
                return;
            } else if (count == 0) {
                end();
                return;
            }
            int closed = open.closed(Handoff.closed(near.received()));
            if (closed > 0) {
                feeder.done(this, closed);
            }
            packet(near.received().get(0));
        }
    }

    /** It will say nothing any more, and the socket is readable for ever. */
    private void end() {
        ended = true;
        unwatch();
        retire();
    }

    private void packet(byte kind) {
        switch (kind) {
            case Handoff.ACCEPTED ->
                    underWay.accepted()
                            .ifPresent(
                                    connection -> {
                                        connection.close();
                                        open.accepted();
                                        pause.over();
                                        feeder.taken(this);
                                        feeder.freed(this);
                                    });
            case Handoff.NOT_ACCEPTED ->
                    underWay.reoffered()
                            .ifPresent(
                                    connection -> {
                                        feeder.hasNoRoom(this);
                                        feeder.returned(connection);
                                    });
            case Handoff.READY -> {
                if (probing) {
                    probing = false;
                    feeder.freed(this);
                }
            }
            case Handoff.CLOSED -> feeder.hasClosedSome();
            default -> {
                // A packet that is none of the protocol's says nothing.
            }
        }
        closeIfDone();
    }

    @Override
    public Filler filler() {
        return filler;
    }

    @Override
    public boolean isActive() {
        return !retired;
    }

    @Override
    public Pause pause() {
        return pause;
    }

    @Override
    public UnderWay underWay() {
        return underWay;
    }

    @Override
    public int open() {
        // What it accepts by itself it does not tell.
        return hasListener ? UNTOLD : open.value() + (underWay.isEmpty() ? 0 : 1);
    }

    @Override
    public void reclaim() {
        if (underWay.isEmpty() || far.receive() <= 0) {
            return;
        }
        // Our own copy goes on. The one received would keep the connection from its end.
        Fd duplicate = far.takeDescriptor();
        if (duplicate != null) {
            duplicate.close();
        }
        Fd connection = underWay.reoffered().orElseThrow();
        probe();
        feeder.returned(connection);
    }

    /** Asks whether the filler accepts: it is free when it does. Only when nothing is under way. */
    void probe() {
        probing(near.send(PROBE, 0, 1, DescriptorSocket.NO_DESCRIPTOR) > 0);
        if (!probing) {
            // Nothing would ever say that it is ready: as with one that refuses, try again later.
            feeder.refused(this);
        }
    }

    /** Whether something that it was asked or handed is unanswered. */
    boolean isAsked() {
        return probing || !underWay.isEmpty();
    }

    /** Likewise, and was so long ago. */
    boolean isSilentFor(Duration time) {
        return underWay.isOlderThan(time)
                || (probing && loop.nanoTime() - probedNanos > time.toNanos());
    }

    @Override
    public void retire() {
        retired = true;
        if (near.isOpen()) {
            drain();
        }
        if (near.isOpen()) {
            reclaim();
        }
        closeIfDone();
    }

    private void closeIfDone() {
        if (!retired || !near.isOpen()) {
            return;
        }
        if (!underWay.isEmpty()) {
            filler.leaves(this);
            return;
        }
        unwatch();
        near.close();
        far.close();
        room.giveBack();
        filler.hasLeft(this);
    }

    private void unwatch() {
        try {
            watch.cancel();
        } catch (PosixException e) {
            LOG.get()
                    .log(
                            System.Logger.Level.WARNING,
                            "cannot stop watching a lane of " + filler,
                            e);
        }
    }

    @Override
    public void channelClosed() {
        // The worker may still be taking what it received: its acknowledgement or its end will
        // tell.
    }

    @Override
    public void fillerGone() {
        retire();
        // Received, and not acknowledged: the application never saw it.
        underWay.reoffered().ifPresent(feeder::returned);
        closeIfDone();
    }
}
