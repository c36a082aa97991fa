package dev.prefork.listen;

import dev.prefork.posix.Fd;
import dev.prefork.posix.PosixException;
import dev.prefork.posix.Sockets;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/** A connection that nobody has yet, and that a {@link Balancing} is asked about. */
public final class Client {
    private final Fd connection;
    private final long sinceNanos;
    private Optional<Optional<InetSocketAddress>> peer = Optional.empty();

    /**
     * Asked about from now on.
     *
     * @param nowNanos of the loop's clock
     */
    Client(Fd connection, long nowNanos) {
        this.connection = connection;
        this.sinceNanos = nowNanos;
    }

    Fd connection() {
        return connection;
    }

    boolean isOlderThan(Duration age, long nowNanos) {
        return nowNanos - sinceNanos > age.toNanos();
    }

    static int byAge(Client one, Client other) {
        return Long.signum(one.sinceNanos - other.sinceNanos);
    }

    /** Its address, asked for once; empty for a Unix socket, and when it has gone. */
    public Optional<InetSocketAddress> peer() {
        if (peer.isEmpty()) {
            peer = Optional.of(ask());
        }
        return peer.get();
    }

    private Optional<InetSocketAddress> ask() {
        try {
            return Sockets.remoteAddress(connection.number()) instanceof InetSocketAddress address
                    ? Optional.of(address)
                    : Optional.empty();
        } catch (PosixException gone) {
            // ENOTCONN: it has been reset.
            return Optional.empty();
        }
    }
}
