package dev.prefork.bench;

import dev.prefork.Cluster;
import dev.prefork.Message;
import dev.prefork.SendOptions;
import dev.prefork.Worker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Our side of the handles: a primary sends connected sockets, which it keeps, to one worker, which
 * closes them. Prints {@code begin handles} and {@code handles FIGURE}.
 */
public final class Handles {
    static final int STREAM = 20_000;
    private static final int CONNECTIONS = 100;
    private static final int UNACKNOWLEDGED = 1_000;
    private static final int ACKNOWLEDGED_AT_ONCE = 100;

    private final Window window = new Window(UNACKNOWLEDGED, ACKNOWLEDGED_AT_ONCE);
    private int received;

    private Handles() {}

    /** Runs in the primary and in the worker. */
    public static void main(String[] args) throws IOException {
        Handles handles = new Handles();
        if (Cluster.isWorker()) {
            var _ = Cluster.worker().onMessage(handles::received);
        } else {
            handles.send(Cluster.fork());
        }
    }

    private void received(Message message) {
        try {
            message.handle().orElseThrow().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (window.isToAcknowledge(++received)) {
            var _ = Cluster.worker().send("acknowledged");
        }
    }

    private void send(Worker worker) throws IOException {
        List<SocketChannel> connections = connect();
        var _ = worker.onMessage(_ -> window.acknowledged());
        stream(worker, connections); // to warm up
        System.out.println("begin handles");
        long begun = System.nanoTime();
        stream(worker, connections);
        System.out.println("handles " + STREAM / ((System.nanoTime() - begun) / 1e9));
        worker.process().kill("SIGTERM");
        System.exit(0);
    }

    /** To ourselves; nobody closes the other ends. */
    private static List<SocketChannel> connect() throws IOException {
        List<SocketChannel> connections = new ArrayList<>();
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            for (int i = 0; i < CONNECTIONS; i++) {
                connections.add(SocketChannel.open(server.getLocalAddress()));
                var _ = server.accept();
            }
        }
        return connections;
    }

    private void stream(Worker worker, List<SocketChannel> connections) {
        window.stream(
                STREAM,
                i ->
                        worker.send(
                                Map.of("n", i),
                                connections.get(i % CONNECTIONS),
                                SendOptions.KEEP_OPEN));
    }
}
