package dev.prefork.primary;

import dev.prefork.ipc.Frame;
import dev.prefork.ipc.Handle;
import dev.prefork.posix.Fd;
import dev.prefork.posix.PosixException;
import dev.prefork.wire.ClusterLink;

import java.util.Map;

/**
 * A feed through the channel, as Node's own workers want it: newconn with the handle, answered by
 * {ack, accepted}.
 */
final class NodeFeed implements Feed {
    private final ClusterLink link;
    private final String key;
    private final Owner owner;
    private Fd underWay;
    private long handedAtNanos = Long.MAX_VALUE;
    private boolean retired;

    NodeFeed(ClusterLink link, String key, Owner owner) {
        this.link = link;
        this.key = key;
        this.owner = owner;
    }

    @Override
    public void hand(Fd connection) {
        Fd copy;
        try {
            copy = connection.duplicate();
        } catch (PosixException noDescriptorLeft) {
            owner.returned(connection);
            owner.refused(this);
            return;
        }
        underWay = connection;
        handedAtNanos = System.nanoTime();
        link.ask(
                "newconn",
                Map.of("key", key),
                new Handle(Handle.NET_NATIVE, copy),
                (frame, handle) -> {
                    handle.ifPresent(Fd::close);
                    answered(frame);
                });
    }

    private void answered(Frame frame) {
        if (underWay == null) {
            return;
        }
        Fd connection = settle();
        if (!frame.isTrue("accepted")) {
            owner.returned(connection);
            owner.refused(this);
        } else {
            connection.close();
            owner.freed(this);
        }
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
        // What is in the channel cannot be taken out of it.
    }

    @Override
    public void retire() {
        retired = true;
    }

    @Override
    public void channelClosed() {
        // Node writes its answer before its application sees the connection, and the end of the
        // channel comes after all that
        // was written to it: no answer, not accepted.
        if (underWay != null) {
            owner.returned(settle());
        }
    }

    @Override
    public void processEnded() {
        // The end of the channel says all.
    }
}
