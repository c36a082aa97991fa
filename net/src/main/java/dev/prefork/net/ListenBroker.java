package dev.prefork.net;

import java.io.IOException;
import java.net.SocketAddress;
import java.util.Optional;

/**
 * Asks on behalf of this JVM for connections to an address. Module cluster implements it and talks
 * to the primary; {@link ListenBrokers} finds it.
 */
public interface ListenBroker {
    /**
     * Blocks until it is known where the connections to this address come from. Any thread may
     * call, several at once.
     *
     * @return the source, owned by the caller; empty if this address is not shared: the caller
     *     binds and listens by itself
     * @throws java.net.BindException or another SocketException, as the JDK's own bind would; that
     *     of {@link OpenServers#refusal} when it is shared and the worker is leaving
     */
    Optional<ConnectionSource> listen(ListenRequest request) throws IOException;

    /**
     * Where to bind by oneself what is not shared. On the thread that asked.
     *
     * @param asked as the application gave it; null: anywhere
     * @return mostly the same; another port where each worker is to have one of its own
     */
    default SocketAddress ownAddress(SocketAddress asked) {
        return asked;
    }

    /**
     * As {@link #listen}, for a datagram channel.
     *
     * @return the socket, owned by the caller; empty if this address is not shared
     */
    default Optional<SharedDatagrams> bind(DatagramRequest request) throws IOException {
        return Optional.empty();
    }
}
