package dev.prefork.net;

import dev.prefork.posix.DescriptorSocket;
import dev.prefork.posix.Errno;
import dev.prefork.posix.Fd;
import dev.prefork.posix.PosixException;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Connections that the primary hands over on a socket of their own; the worker's side of {@link
 * Handoff}.
 *
 * <p>The socket itself is what selectors poll: no thread of ours is between the primary and the
 * thread that accepts. Safe for any thread.
 */
public final class HandoffSource implements ConnectionSource {
    private static final byte NONE = 0;

    private final DescriptorSocket socket;
    private final int descriptor;
    private final SocketAddress localAddress;
    private final Runnable onClose;
    private final ByteBuffer packet = ByteBuffer.allocate(Handoff.BUFFER_BYTES);

    /** Connections that are closed, and of which the primary has not been told. */
    private final AtomicInteger untold = new AtomicInteger();

    /** Runs a task in a moment, on a thread of its own. */
    private final Consumer<Runnable> soon;

    private final AtomicBoolean tellsSoon = new AtomicBoolean();

    /** An answer for which the socket had no room. */
    private byte owed = NONE;

    /** Whether an acceptance has told some since it was looked. */
    private boolean toldLately;

    private boolean exhausted;
    private boolean closed;

    /**
     * The source of one server.
     *
     * @param socket the worker's end; belongs to the source from now on
     * @param soon runs a task in a moment, by which several connections may have been closed; never
     *     throws
     * @param onClose runs once, after the close: tells the primary, which sees no end of the stream
     */
    public HandoffSource(
            Fd socket, SocketAddress localAddress, Consumer<Runnable> soon, Runnable onClose) {
        this.descriptor = socket.number();
        this.socket = new DescriptorSocket(socket, Handoff.BUFFER_BYTES);
        this.localAddress = localAddress;
        this.soon = soon;
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

    /**
     * The listening socket that comes before all else, where the worker's slot has one of its own:
     * it is here with the grant. {@link #ready} must follow.
     *
     * @throws IOException it is not here, or there is no descriptor left for it
     */
    synchronized Fd takeListener() throws IOException {
        int count = socket.receive();
        if (count <= 0 || socket.received().get(0) != Handoff.LISTENER) {
            throw new IOException("no listening socket has come with the grant, bytes=" + count);
        }
        Fd listener = socket.takeDescriptor();
        if (listener == null) {
            throw new PosixException("recvmsg", "fd " + descriptor, Errno.EMFILE);
        }
        return listener;
    }

    /** The primary is told that connections may come to the listening socket. */
    synchronized void ready() {
        send(Handoff.READY);
    }

    private Fd answer(byte packet) throws IOException {
        return switch (packet) {
            case Handoff.CONNECTION -> {
                Fd connection = socket.takeDescriptor();
                send(connection == null ? Handoff.NOT_ACCEPTED : Handoff.ACCEPTED);
                yield connection;
            }
            case Handoff.PROBE -> {
                send(Handoff.READY);
                yield null;
            }
            default -> {
                exhausted = true;
                throw new IOException("unknown packet of the hand-off, byte=" + packet);
            }
        };
    }

    /**
     * If the primary has gone in between, EPIPE, its copy of the connection went with it and ours
     * is the only one: it is served like any other, and the next receive finds the end.
     *
     * <p>The socket is full only when the primary reads nothing, and much has been closed since.
     */
    private void send(byte kind) {
        int closed = untold.getAndSet(0);
        int length = Handoff.write(kind, closed, packet);
        if (socket.send(packet.array(), 0, length, DescriptorSocket.NO_DESCRIPTOR)
                == -Errno.EAGAIN) {
            untold.addAndGet(closed);
            owed = kind == Handoff.CLOSED ? owed : kind;
            tellSoon();
        } else {
            toldLately |= closed > 0 && kind != Handoff.CLOSED;
        }
    }

    @Override
    public void connectionClosed() {
        untold.incrementAndGet();
        tellSoon();
    }

    private void tellSoon() {
        if (!tellsSoon.get() && tellsSoon.compareAndSet(false, true)) {
            soon.accept(this::tell);
        }
    }

    /** While connections come, what is closed goes with their acceptances. */
    private synchronized void tell() {
        if (closed) {
            return;
        }
        boolean goesWithThem = toldLately;
        toldLately = false;
        if (owed != NONE) {
            byte answer = owed;
            owed = NONE;
            send(answer);
        } else if (!goesWithThem && untold.get() > 0) {
            send(Handoff.CLOSED);
        }
        tellsSoon.set(false);
        if (goesWithThem || owed != NONE || untold.get() > 0) {
            tellSoon();
        }
    }

    @Override
    public synchronized boolean isExhausted() {
        return exhausted;
    }

    // A connection not yet received stays in the queue of the socket, from where the primary takes
    // it by its duplicate of our end.
    /** Closes it without a word to anybody. */
    synchronized void abandon() {
        closed = true;
        socket.close();
    }

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
