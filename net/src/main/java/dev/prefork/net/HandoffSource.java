package dev.prefork.net;

import dev.prefork.posix.DescriptorSocket;
import dev.prefork.posix.Errno;
import dev.prefork.posix.Fd;
import dev.prefork.posix.PosixException;

import java.io.IOException;
import java.net.SocketAddress;

/**
 * Connections that the primary hands over on a socket of their own; the worker's side of {@link
 * Handoff}.
 *
 * <p>The socket itself is what selectors poll: no thread of ours is between the primary and the
 * thread that accepts. Safe for any thread.
 */
public final class HandoffSource implements ConnectionSource {
    private static final byte[] ACCEPTED = {Handoff.ACCEPTED};
    private static final byte[] NOT_ACCEPTED = {Handoff.NOT_ACCEPTED};
    private static final byte[] READY = {Handoff.READY};

    private final DescriptorSocket socket;
    private final int descriptor;
    private final SocketAddress localAddress;
    private final Runnable onClose;
    private boolean exhausted;
    private boolean closed;

    /**
     * The source of one server.
     *
     * @param socket the worker's end; belongs to the source from now on
     * @param onClose runs once, after the close: tells the primary, which sees no end of the stream
     */
    public HandoffSource(Fd socket, SocketAddress localAddress, Runnable onClose) {
        this.descriptor = socket.number();
        this.socket = new DescriptorSocket(socket, Handoff.BUFFER_BYTES);
        this.localAddress = localAddress;
        this.onClose = onClose;
    }

    @Override
    public SocketAddress localAddress() {
        return localAddress;
    }

    @Override
    public int descriptor() {
        return descriptor;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IOException the primary does not keep to the protocol (the source is then exhausted),
     *     or the kernel has no memory left
     */
    @Override
    public synchronized Fd take() throws IOException {
        while (!closed && !exhausted) {
            int count = socket.receive();
            if (count == DescriptorSocket.NOTHING) {
                return null;
            }
            if (count == 0 || count == -Errno.ECONNRESET) {
                exhausted = true; // The primary is gone: there is nobody who could hand over.
                return null;
            }
            if (count < 0) {
                throw new PosixException("recvmsg", "fd " + descriptor, -count);
            }
            Fd connection = answer(socket.received().get(0));
            if (connection != null) {
                return connection;
            }
        }
        return null;
    }

    private Fd answer(byte packet) throws IOException {
        return switch (packet) {
            case Handoff.CONNECTION -> {
                Fd connection = socket.takeDescriptor();
                send(connection == null ? NOT_ACCEPTED : ACCEPTED);
                yield connection;
            }
            case Handoff.PROBE -> {
                send(READY);
                yield null;
            }
            default -> {
                exhausted = true;
                throw new IOException("unknown packet of the hand-off, byte=" + packet);
            }
        };
    }

    /**
     * Never finds the socket full, since one packet is outstanding at most. If the primary has gone
     * in between, EPIPE, its copy of the connection went with it and ours is the only one: it is
     * served like any other, and the next receive finds the end.
     */
    private void send(byte[] packet) {
        var _ = socket.send(packet, 0, 1, DescriptorSocket.NO_DESCRIPTOR);
    }

    @Override
    public synchronized boolean isExhausted() {
        return exhausted;
    }

    // A connection not yet received stays in the queue of the socket, from where the primary takes
    // it by its duplicate of our end.
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            socket.close();
        }
        onClose.run();
    }
}
