package dev.prefork.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketImpl;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;

/**
 * What a java.net.ServerSocket asks when it is bound and when it accepts. Behind one that is shared
 * there is a {@link ClusterServerSocketChannel}; one that is not is the JDK's own.
 */
final class ServerSocketSharing {
    /**
     * What ServerSocket puts in the place of a backlog that the program does not name. One that
     * names just this cannot be told from it, and gets more.
     */
    private static final int JDKS_BACKLOG = 50;

    private final ClusterSelectorProvider provider;

    private ServerSocketSharing(ClusterSelectorProvider provider) {
        this.provider = provider;
    }

    /** The inside of a new ServerSocket; no descriptor is opened yet. */
    static SocketImpl open(ClusterSelectorProvider provider) {
        ServerSocketSharing sharing = new ServerSocketSharing(provider);
        try {
            return JdkChannels.serverSocket(
                    reuse -> (local, backlog) -> sharing.share(local, backlog, reuse),
                    ServerSocketSharing::accept);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // A factory of sockets can throw nothing else.
        }
    }

    private ServerSocketChannel share(InetSocketAddress local, int backlog, boolean reusePort) {
        if (provider.broker().isEmpty()) {
            return null;
        }
        try {
            return bound(local, backlog, reusePort);
        } catch (UnsupportedAddressTypeException thisMachineHasNone) {
            return null; // The JDK has its own words for that.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ServerSocketChannel bound(InetSocketAddress local, int backlog, boolean reusePort)
            throws IOException {
        ClusterServerSocketChannel channel = provider.openServerSocketChannel();
        boolean shared = false;
        try {
            var _ = channel.setOption(StandardSocketOptions.SO_REUSEPORT, reusePort);
            shared = channel.bindUnlessPlain(local, backlog == JDKS_BACKLOG ? 0 : backlog);
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
