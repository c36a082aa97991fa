package dev.prefork.net;

import dev.prefork.log.LazyLogger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.SocketException;
import java.nio.channels.DatagramChannel;

/**
 * The sockets of package java.net, which ask no selector provider: after {@link #install} a {@link
 * ServerSocket} and a {@link DatagramSocket} of an unmodified program share what they are bound to.
 */
public final class JavaNetSockets {
    private static final LazyLogger LOG = new LazyLogger(JavaNetSockets.class);

    private JavaNetSockets() {}

    /** Installs it, once in the life of a JVM; sockets that were opened before stay as they are. */
    public static void install() {
        ClusterSelectorProvider provider = new ClusterSelectorProvider();
        try {
            shareServerSockets(provider);
            JdkChannels.openDatagramSocketsWith(() -> datagrams(provider));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("deprecation") // there is no other way in
    private static void shareServerSockets(ClusterSelectorProvider provider) throws IOException {
        try {
            ServerSocket.setSocketFactory(() -> ServerSocketSharing.open(provider));
        } catch (SocketException taken) {
            LOG.get()
                    .log(
                            System.Logger.Level.WARNING,
                            "ServerSockets are not shared: the program has a factory of its own");
        }
    }

    private static DatagramChannel datagrams(ClusterSelectorProvider provider) {
        try {
            return provider.openDatagramSocketChannel();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
