package dev.prefork.examples;

import dev.prefork.Cluster;
import dev.prefork.Worker;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;

/** The events of one worker: online, listening, disconnect. */
public final class WorkerEvents {
    private WorkerEvents() {}

    /** Takes the port, 8000 unless given. */
    public static void main(String[] args) throws IOException {
        int port = args.length > 0 ? Integer.parseInt(args[0]) : 8000;
        if (Cluster.isPrimary()) {
            Worker worker = Cluster.fork();
            worker.onOnline(() -> System.out.println("Worker is online"));
            worker.onListening(
                    address -> {
                        System.out.println("Worker is listening");
                        worker.disconnect();
                    });
            worker.onDisconnect(() -> System.out.println("Worker has disconnected"));
        } else {
            try (var _ = ServerSocketChannel.open().bind(new InetSocketAddress(port))) {
                Cluster.worker().disconnected().join();
            }
        }
    }
}
