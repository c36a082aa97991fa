package dev.prefork.worker;

import dev.prefork.net.DatagramRequest;
import dev.prefork.net.SharedDatagrams;
import dev.prefork.posix.Descriptors;
import dev.prefork.posix.Fd;
import dev.prefork.posix.PosixException;
import dev.prefork.posix.Sockets;

import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.util.Optional;

/** A datagram socket of this worker alone on another port than its program asked for. */
final class OwnDatagrams {
    private OwnDatagrams() {}

    /**
     * Bound to this address, if it is another than the program asked for; else empty, and the JDK
     * binds.
     */
    static Optional<SharedDatagrams> unlessAsAsked(DatagramRequest request, SocketAddress own)
            throws SocketException {
        return request.mode().exclusive() || own.equals(request.address())
                ? Optional.empty()
                : Optional.of(bind(request.family(), own));
    }

    /** The JDK's own bind would take the port that was asked for. */
    private static SharedDatagrams bind(StandardProtocolFamily family, SocketAddress address)
            throws SocketException {
        try {
            Fd socket = Sockets.open(family, Sockets.Type.DATAGRAM);
            boolean bound = false;
            try {
                if (family == StandardProtocolFamily.INET6) {
                    Sockets.setOption(socket.number(), Sockets.Option.IPV6_ONLY, 0);
                }
                Descriptors.setNonBlocking(socket.number(), true);
                Sockets.bind(socket.number(), address);
                bound = true;
            } finally {
                if (!bound) {
                    socket.close();
                }
            }
            return new SharedDatagrams(socket, () -> {});
        } catch (PosixException e) {
            throw BindFailures.of(e.errno());
        }
    }
}
