package dev.prefork.listen;

import dev.prefork.posix.Fd;
import dev.prefork.posix.PosixException;
import dev.prefork.posix.Sockets;

import java.net.InetSocketAddress;

/**
 * A connection that a {@link FakeWorker} was handed.
 *
 * @param connection to be closed by whoever looks at this
 * @param manner what it does with it
 * @param reply says what the worker makes of it, where it {@link FakeWorker.Manner#HOLDS}
 */
record Arrival(FakeWorker worker, Fd connection, FakeWorker.Manner manner, Reply reply) {
    /** Answers the primary. */
    @FunctionalInterface
    interface Reply {
        void say(boolean taken);
    }

    /** The client's port. */
    int client() throws PosixException {
        return ((InetSocketAddress) Sockets.remoteAddress(connection.number())).getPort();
    }
}
