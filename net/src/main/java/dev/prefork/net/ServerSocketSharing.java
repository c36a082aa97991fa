package dev.prefork.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketImpl;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;

/**
 * What a java.net.ServerSocket asks when it is bound and when it accepts. Behind one that is shared
 * there is a {@link ClusterServerSocketChannel}; one that is not is the JDK's own.
 */
final class ServerSocketSharing {
    private final ClusterSelectorProvider provider;

    private ServerSocketSharing(ClusterSelectorProvider provider) {
        this.provider = provider;
    }

    /** The inside of a new ServerSocket; no descriptor is opened yet. */
    static SocketImpl open(ClusterSelectorProvider provider) {
        ServerSocketSharing sharing = new ServerSocketSharing(provider);
        try {
            return JdkChannels.serverSocket(sharing::share, ServerSocketSharing::accept);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // A factory of sockets can throw nothing else.
        }
    }

    private ServerSocketChannel share(InetSocketAddress local, int backlog) {
        if (provider.broker().isEmpty()) {
            return null;
        }
        try {
            return bound(local, backlog);
        } catch (UnsupportedAddressTypeException thisMachineHasNone) {
            return null; // The JDK has its own words for that.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ServerSocketChannel bound(InetSocketAddress local, int backlog) throws IOException {
        ClusterServerSocketChannel channel = provider.openServerSocketChannel();
        boolean shared = false;
        try {
            shared = channel.bindUnlessPlain(local, backlog);
        } finally {
            if (!shared) {
                channel.close();
            }
        }
        return shared ? channel : null;
    }

    private static SocketChannel accept(ServerSocketChannel shared, int timeoutMillis) {
        try {
            return ((ClusterServerSocketChannel) shared).acceptForSocket(timeoutMillis);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
