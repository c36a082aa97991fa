package dev.prefork.examples;

import dev.prefork.Cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;

/** 'listening' tells the primary every address that a worker listens on; this one has two. */
public final class ListeningAddresses {
    private ListeningAddresses() {}

    /** Takes the port of the first, 8000 unless given; the second is any free one of loopback. */
    public static void main(String[] args) throws IOException {
        int port = args.length > 0 ? Integer.parseInt(args[0]) : 8000;
        if (Cluster.isPrimary()) {
            Cluster.onListening(
                    (worker, address) ->
                            System.out.printf(
                                    "A worker is now connected to %s:%d%n",
                                    address.address().orElse("*"), address.port()));
            Cluster.fork();
        } else {
            try (var _ = ServerSocketChannel.open().bind(new InetSocketAddress(port));
                    var _ =
                            ServerSocketChannel.open()
                                    .bind(
                                            new InetSocketAddress(
                                                    InetAddress.getLoopbackAddress(), 0))) {
                Cluster.worker().disconnected().join();
            }
        }
    }
}
