package dev.prefork.net;

import dev.prefork.posix.Errno;
import dev.prefork.posix.Fd;
import dev.prefork.posix.PosixException;
import dev.prefork.posix.Sockets;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.Channel;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * What a bound server has of its source: takes connections out of it and makes JDK channels of
 * them.
 *
 * <p>{@link #next} is for one thread at a time, {@link #close} for any.
 */
final class Intake {
    /** What makes a channel of a connection, of whichever kind the server accepts. */
    @FunctionalInterface
    interface Adoption<C extends Channel> {
        /**
         * Makes it.
         *
         * @param connection in blocking mode; belongs to the channel, closed on an exception
         * @param watch to be told of the channel and its close; not on an exception
         */
        C adopt(
                StandardProtocolFamily family,
                Fd connection,
                SocketAddress remote,
                OpenConnection watch)
                throws IOException;
    }

    private final ConnectionSource source;
    private final Runnable connectionClosed;
    private final List<Integer> descriptors;
    private final Supplier<OpenConnection> opening;

    /** In bytes, asked for each connection; 0 leaves it the system's. */
    private final IntSupplier receiveBuffer;

    /** All connections of one listener have the family of its socket: the first one is asked. */
    private StandardProtocolFamily family;

    private Intake(
            ConnectionSource source, Supplier<OpenConnection> opening, IntSupplier receiveBuffer) {
        this.source = source;
        this.connectionClosed = source::connectionClosed;
        this.descriptors = source.descriptors();
        this.opening = opening;
        this.receiveBuffer = receiveBuffer;
    }

    /**
     * For connections that the worker waits for when it disconnects.
     *
     * @param receiveBuffer what the application set on its server, in bytes; 0 when it did not. The
     *     listening socket, from which a connection would have it, is the primary's
     */
    static Intake counted(ConnectionSource source, OpenServers servers, IntSupplier receiveBuffer) {
        return new Intake(source, servers::opening, receiveBuffer);
    }

    /** For connections that are the application's own affair. */
    static Intake uncounted(ConnectionSource source) {
        return new Intake(source, () -> OpenConnection.unwatched(() -> {}), () -> 0);
    }

    /** The listening socket, if it is one that is accepted from. */
    Optional<Integer> listenerDescriptor() {
        return source.listenerDescriptor();
    }

    /** Those that are readable while {@link #next} may give something. */
    List<Integer> descriptors() {
        return descriptors;
    }

    /** The next connection, or null if there is none now. */
    <C extends Channel> C next(Adoption<C> adoption) throws IOException {
        while (true) {
            C channel = null;
            OpenConnection watch = opening.get();
            try {
                Fd connection = source.take();
                if (connection == null) {
                    return null;
                }
                watch.taken(connectionClosed);
                channel = adopt(connection, adoption, watch);
                if (channel != null) {
                    return channel;
                }
            } finally {
                if (channel == null) {
                    watch.closed();
                }
            }
        }
    }

    /** Null if the client has gone: a reset between its arrival and our look at it. */
    private <C extends Channel> C adopt(Fd connection, Adoption<C> adoption, OpenConnection watch)
            throws IOException {
        SocketAddress remote = null;
        try {
            if (family == null) {
                family = Sockets.family(connection.number());
            }
            int bytes = receiveBuffer.getAsInt();
            if (bytes > 0) {
                Sockets.setOption(connection.number(), Sockets.Option.RECEIVE_BUFFER, bytes);
            }
            remote = Sockets.remoteAddress(connection.number());
        } catch (PosixException e) {
            // The JDK never shows such a connection either: accept4 with an address skips it.
            if (e.errno() == Errno.ENOTCONN) {
                return null;
            }
            throw e;
        } finally {
            if (remote == null) {
                connection.close();
            }
        }
        return adoption.adopt(family, connection, remote, watch);
    }

    /** Whether there will be nothing more; then it should be closed. */
    boolean isExhausted() {
        return source.isExhausted();
    }

    /** Whoever polls {@link #descriptors} must have stopped. */
    void close() {
        source.close();
    }
}
