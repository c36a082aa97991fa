package dev.prefork.net;

import dev.prefork.posix.Errno;
import dev.prefork.posix.Fd;
import dev.prefork.posix.PosixException;
import dev.prefork.posix.Sockets;

import java.net.SocketAddress;
import java.util.Optional;

/**
 * Connections accepted from a listening socket, which may be shared with other processes.
 *
 * <p>The socket is non-blocking for ever: the flag belongs to all who share it, and a connection
 * that made it readable may be another's by the time we accept. Safe for any thread.
 */
public final class ListenerSource implements ConnectionSource {
    private final int listener;
    private final SocketAddress localAddress;
    private final Runnable onClose;
    private boolean closed;

    private ListenerSource(int listener, SocketAddress localAddress, Runnable onClose) {
        this.listener = listener;
        this.localAddress = localAddress;
        this.onClose = onClose;
    }

    /**
     * A source that accepts from a listener of its own.
     *
     * @param listener listening and non-blocking; belongs to the source from now on
     * @param onClose runs once, after the close
     */
    public static ListenerSource owning(Fd listener, SocketAddress localAddress, Runnable onClose) {
        Runnable close =
                () -> {
                    listener.close();
                    onClose.run();
                };
        return new ListenerSource(listener.number(), localAddress, close);
    }

    /**
     * A source that accepts from somebody else's listener.
     *
     * @param listener listening and non-blocking; stays open until the source is closed
     * @param close runs once, to close the listener
     */
    static ListenerSource borrowing(int listener, SocketAddress localAddress, Runnable close) {
        return new ListenerSource(listener, localAddress, close);
    }

    @Override
    public SocketAddress localAddress() {
        return localAddress;
    }

    @Override
    public int descriptor() {
        return listener;
    }

    @Override
    public Optional<Integer> listenerDescriptor() {
        return Optional.of(listener);
    }

    // Locked against close: the number could by then mean somebody else's file.
    @Override
    public synchronized Fd take() throws PosixException {
        while (!closed) {
            int result = Sockets.accept(listener);
            if (result >= 0) {
                return Fd.owning(result);
            }
            switch (-result) {
                case Errno.EAGAIN -> {
                    return null;
                }
                // The client went away while it waited: the next may still be there.
                case Errno.ECONNABORTED -> {}
                default -> throw new PosixException("accept4", "fd " + listener, -result);
            }
        }
        return null;
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        onClose.run();
    }
}
