package dev.prefork.net;

import dev.prefork.posix.Fd;

import java.io.IOException;
import java.net.SocketAddress;
import java.util.List;
import java.util.Optional;

/** Where a bound server's connections come from. Safe for any thread; nothing blocks. */
public interface ConnectionSource extends AutoCloseable {
    /** The address that the application is told it is bound to. */
    SocketAddress localAddress();

    /**
     * A descriptor that is readable while {@link #take} may give something. The same until {@link
     * #close}, and from the start: connections that were there before anybody looked count.
     */
    int descriptor();

    /** As {@link #descriptor}, of all of them: some sources have two. */
    default List<Integer> descriptors() {
        return List.of(descriptor());
    }

    /** The listening socket, if it is one that is accepted from. */
    default Optional<Integer> listenerDescriptor() {
        return Optional.empty();
    }

    /**
     * The next connection.
     *
     * @return a connected stream socket in blocking mode, owned by the caller; null when there is
     *     none now, and always after {@link #close}
     * @throws IOException the source is still usable: out of descriptors, for example
     */
    Fd take() throws IOException;

    /**
     * Once for each connection that it gave: that one is closed. For any thread; neither blocks nor
     * throws.
     */
    default void connectionClosed() {}

    /**
     * Whether the address is this worker's alone: its connections are the application's own affair,
     * and nobody waits for them when the worker leaves.
     */
    default boolean isOwn() {
        return false;
    }

    /** Whether {@link #take} will give nothing any more, though the source is not closed. */
    default boolean isExhausted() {
        return false;
    }

    /**
     * Ends the source: no more connections, and those that nobody took go back to where they came
     * from. Whoever polls {@link #descriptor} stops doing so first: a descriptor whose socket other
     * processes have too would stay in an epoll after its close. Can be called again.
     */
    @Override
    void close();
}
