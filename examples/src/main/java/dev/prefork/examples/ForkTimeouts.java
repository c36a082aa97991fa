package dev.prefork.examples;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.prefork.Cluster;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** A timeout for each fork: a complaint when a worker does not listen within 2 seconds, or ends. */
public final class ForkTimeouts {
    private static final Map<Integer, CompletableFuture<Void>> timeouts = new ConcurrentHashMap<>();

    private ForkTimeouts() {}

    /** Takes the port, 8000 unless given. */
    public static void main(String[] args) throws IOException {
        int port = args.length > 0 ? Integer.parseInt(args[0]) : 8000;
        if (Cluster.isPrimary()) {
            Cluster.onFork(
                    worker ->
                            timeouts.put(
                                    worker.id(),
                                    CompletableFuture.runAsync(
                                            ForkTimeouts::complain,
                                            CompletableFuture.delayedExecutor(2, SECONDS))));
            Cluster.onListening((worker, address) -> timeouts.get(worker.id()).cancel(false));
            Cluster.onExit(
                    (worker, exit) -> {
                        timeouts.get(worker.id()).cancel(false);
                        complain();
                    });
            Cluster.fork();
        } else {
            try (var server = ServerSocketChannel.open().bind(new InetSocketAddress(port))) {
                while (true) {
                    server.accept().close();
                }
            }
        }
    }

    private static void complain() {
        System.err.println("Something must be wrong with the connection ...");
    }
}
