package dev.prefork.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.SocketException;

/**
 * The sockets of package java.net, which ask no selector provider: after {@link #install} a {@link
 * ServerSocket} of an unmodified program shares what it is bound to.
 */
public final class JavaNetSockets {
    private static final System.Logger LOG = System.getLogger(JavaNetSockets.class.getName());

    private JavaNetSockets() {}

    /** Installs it, once in the life of a JVM; sockets that were opened before stay as they are. */
    public static void install() {
        ClusterSelectorProvider provider = new ClusterSelectorProvider();
        shareServerSockets(provider);
    }

    @SuppressWarnings("deprecation") // there is no other way in
    private static void shareServerSockets(ClusterSelectorProvider provider) {
        try {
            ServerSocket.setSocketFactory(() -> ServerSocketSharing.open(provider));
        } catch (SocketException taken) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "ServerSockets are not shared: the program has a factory of its own");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
