package dev.prefork.primary;

import dev.prefork.loop.EventLoop;
import dev.prefork.net.Handoff;
import dev.prefork.posix.DescriptorSocket;
import dev.prefork.posix.Epoll;
import dev.prefork.posix.Fd;
import dev.prefork.posix.PosixException;
import dev.prefork.posix.Sockets;

/**
 * A feed over a socket of its own, which the worker's server polls itself: no other thread of the
 * worker is in the path. See {@link Handoff} for the protocol.
 *
 * <p>The primary keeps the worker's end open as well. What the worker has not received can
 * therefore be received here instead, and the kernel sees to it that only one of the two gets it: a
 * worker that is stopped, stuck or dead loses nothing.
 *
 * <pre>
 *   FREE ── hand ──▶ HANDED ── accepted ──▶ FREE
 *                      ├── reclaim ──▶ PROBING ── ready ──▶ FREE
 *                      └── not received (the worker has no descriptors left) ──▶ FREE, after the owner's pause
 *   any ── retire, and nothing under way ──▶ CLOSED
 * </pre>
 */
final class HandoffFeed implements Feed {
    private static final byte[] CONNECTION = {Handoff.CONNECTION};
    private static final byte[] PROBE = {Handoff.PROBE};

    private final Owner owner;
    private final DescriptorSocket near;
    private final DescriptorSocket far;
    private final Fd workerEnd;
    private final EventLoop.Watch watch;
    private Fd underWay;
    private long handedAtNanos = Long.MAX_VALUE;
    private boolean probing;
    private boolean retired;

    private HandoffFeed(EventLoop loop, Fd near, Fd far, Owner owner) throws PosixException {
        this.owner = owner;
        this.near = new DescriptorSocket(near, Handoff.BUFFER_BYTES);
        this.far = new DescriptorSocket(far, Handoff.BUFFER_BYTES);
        this.workerEnd = far;
        this.watch = loop.watch(this.near.descriptor(), Epoll.READABLE, events -> drain());
    }

    static HandoffFeed open(EventLoop loop, Owner owner) throws PosixException {
        Fd[] ends = Sockets.pair(Sockets.Type.SEQPACKET);
        return new HandoffFeed(loop, ends[0], ends[1], owner);
    }

    /** A copy of the end that the worker gets. */
    Fd workerEnd() throws PosixException {
        return workerEnd.duplicate();
    }

    @Override
    public void hand(Fd connection) {
        underWay = connection;
        if (near.send(CONNECTION, 0, 1, connection.number()) < 0) {
            // ETOOMANYREFS: too many descriptors of this user are in sockets. It passes.
            owner.returned(settle());
            owner.refused(this);
        } else {
            handedAtNanos = System.nanoTime();
        }
    }

    private void drain() throws PosixException {
        while (near.isOpen()) {
            int count = near.receive();
            if (count < 0) {
                return;
            }
            packet(count == 0 ? 0 : near.received().get(0));
        }
    }

    private void packet(byte kind) throws PosixException {
        if (kind == Handoff.ACCEPTED && underWay != null) {
            settle().close();
            release();
        } else if (kind == Handoff.NOT_ACCEPTED && underWay != null) {
            owner.returned(settle());
            owner.refused(this);
            closeIfRetired();
        } else if (kind == Handoff.READY && probing) {
            probing = false;
            release();
        }
    }

    private void release() throws PosixException {
        owner.freed(this);
        closeIfRetired();
    }

    private Fd settle() {
        Fd connection = underWay;
        underWay = null;
        handedAtNanos = Long.MAX_VALUE;
        return connection;
    }

    @Override
    public boolean isActive() {
        return !retired;
    }

    @Override
    public long handedAtNanos() {
        return handedAtNanos;
    }

    @Override
    public void reclaim() {
        if (underWay == null || far.receive() <= 0) {
            return;
        }
        // Our own copy goes on. The one received would keep the connection from its end.
        Fd duplicate = far.takeDescriptor();
        if (duplicate != null) {
            duplicate.close();
        }
        Fd connection = settle();
        probing = true;
        near.send(PROBE, 0, 1, DescriptorSocket.NO_DESCRIPTOR);
        owner.returned(connection);
    }

    @Override
    public void retire() {
        retired = true;
        try {
            drain();
            reclaim();
            closeIfRetired();
        } catch (PosixException e) {
            throw new IllegalStateException("cannot end a hand-off", e);
        }
    }

    private void closeIfRetired() throws PosixException {
        if (retired && underWay == null && near.isOpen()) {
            watch.cancel();
            near.close();
            far.close();
        }
    }

    @Override
    public void channelClosed() {
        // The worker may still be taking what it received: its acknowledgement or its end will
        // tell.
    }

    @Override
    public void processEnded() {
        retire();
        if (underWay != null) {
            // Received, and not acknowledged: the application never saw it.
            owner.returned(settle());
            retire();
        }
    }
}
