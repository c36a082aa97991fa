package dev.prefork.net;

import dev.prefork.posix.Errno;
import dev.prefork.posix.Fd;
import dev.prefork.posix.PosixException;
import dev.prefork.posix.Sockets;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.function.IntSupplier;

/**
 * What a bound server has of its source: takes connections out of it and makes JDK channels of
 * them.
 *
 * <p>{@link #next} is for one thread at a time, {@link #close} for any.
 */
final class Intake {
    private final ConnectionSource source;
    private final int descriptor;
    private final SelectorProvider provider;
    private final Runnable opening;
    private final Runnable closed;

    /** In bytes, asked for each connection; 0 leaves it the system's. */
    private final IntSupplier receiveBuffer;

    /** All connections of one listener have the family of its socket: the first one is asked. */
    private StandardProtocolFamily family;

    private Intake(
            ConnectionSource source,
            SelectorProvider provider,
            Runnable opening,
            Runnable closed,
            IntSupplier receiveBuffer) {
        this.source = source;
        this.descriptor = source.descriptor();
        this.provider = provider;
        this.opening = opening;
        this.closed = closed;
        this.receiveBuffer = receiveBuffer;
    }

    /**
     * For connections that the worker waits for when it disconnects.
     *
     * @param receiveBuffer what the application set on its server, in bytes; 0 when it did not. The
     *     listening socket, from which a connection would have it, is the primary's
     */
    static Intake counted(
            ConnectionSource source,
            SelectorProvider provider,
            OpenServers servers,
            IntSupplier receiveBuffer) {
        return new Intake(
                source,
                provider,
                servers::connectionOpening,
                servers::connectionClosed,
                receiveBuffer);
    }

    /** For connections that are the application's own affair. */
    static Intake uncounted(ConnectionSource source, SelectorProvider provider) {
        return new Intake(source, provider, Intake::notCounted, Intake::notCounted, () -> 0);
    }

    private static void notCounted() {}

    /** Whether {@link #descriptor} is a listening socket. */
    boolean isListener() {
        return source instanceof ListenerSource;
    }

    int descriptor() {
        return descriptor;
    }

    /** The next connection, in blocking mode, or null if there is none now. */
    SocketChannel next() throws IOException {
        while (true) {
            SocketChannel channel = null;
            opening.run();
            try {
                Fd connection = source.take();
                if (connection == null) {
                    return null;
                }
                channel = adopt(connection);
                if (channel != null) {
                    return channel;
                }
            } finally {
                if (channel == null) {
                    closed.run();
                }
            }
        }
    }

    /** Null if the client has gone: a reset between its arrival and our look at it. */
    private SocketChannel adopt(Fd connection) throws IOException {
        SocketAddress remote;
        try {
            if (family == null) {
                family = Sockets.family(connection.number());
            }
            remote = Sockets.remoteAddress(connection.number());
            int bytes = receiveBuffer.getAsInt();
            if (bytes > 0) {
                Sockets.setOption(connection.number(), Sockets.Option.RECEIVE_BUFFER, bytes);
            }
        } catch (PosixException e) {
            connection.close();
            // The JDK never shows such a connection either: accept4 with an address skips it.
            if (e.errno() == Errno.ENOTCONN) {
                return null;
            }
            throw e;
        }
        return JdkChannels.adopt(provider, family, connection, remote, closed);
    }

    /** Whether there will be nothing more; then it should be closed. */
    boolean isExhausted() {
        return source.isExhausted();
    }

    /** What is polled for {@link #descriptor} must have stopped. */
    void close() {
        source.close();
    }
}
