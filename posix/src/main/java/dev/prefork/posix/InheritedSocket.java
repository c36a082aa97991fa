package dev.prefork.posix;

import java.net.SocketAddress;
import java.util.Optional;

/** A socket that this process was started with, known by its descriptor. */
public final class InheritedSocket {
    private InheritedSocket() {}

    /** What it is bound to; empty where there is no such socket. */
    public static Optional<SocketAddress> address(int descriptor) {
        try {
            return Optional.of(Sockets.localAddress(descriptor));
        } catch (PosixException noSocket) {
            return Optional.empty();
        }
    }
}
