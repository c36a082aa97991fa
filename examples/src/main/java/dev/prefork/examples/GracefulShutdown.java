package dev.prefork.examples;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.prefork.Cluster;
import dev.prefork.Worker;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;

/**
 * A graceful shutdown with a timeout: a worker that has not disconnected after 2 seconds, because a
 * client stays, is killed. It begins with the first client: {@code nc 127.0.0.1 8000}.
 */
public final class GracefulShutdown {
    private GracefulShutdown() {}

    /** Takes the port, 8000 unless given. */
    public static void main(String[] args) throws IOException {
        int port = args.length > 0 ? Integer.parseInt(args[0]) : 8000;
        if (Cluster.isPrimary()) {
            Worker worker = Cluster.fork();
            worker.onListening(address -> System.out.println("waiting for a client"));
            worker.onMessage(firstClient -> shutDown(worker));
            worker.onExit(exit -> System.out.println("worker ended: " + exit));
        } else {
            Cluster.worker()
                    .onMessage(
                            message -> {
                                // If it is "shutdown": ask the clients to end, as the protocol has
                                // it.
                                System.out.println("worker was told: " + message);
                            });
            try (var server = ServerSocketChannel.open().bind(new InetSocketAddress(port));
                    SocketChannel client = server.accept()) {
                Cluster.worker().send("first client");
                Channels.newInputStream(client).readAllBytes();
            }
        }
    }

    private static void shutDown(Worker worker) {
        worker.send("shutdown");
        worker.disconnect();
        // Not worker.kill(), which would wait for the same client.
        CompletableFuture<Void> timeout =
                CompletableFuture.runAsync(
                        () -> worker.process().kill(),
                        CompletableFuture.delayedExecutor(2, SECONDS));
        worker.onDisconnect(() -> timeout.cancel(false));
    }
}
