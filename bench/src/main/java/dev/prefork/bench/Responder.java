package dev.prefork.bench;

import dev.prefork.Cluster;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * Our side of the load: workers that answer every connection with a few bytes, among them their
 * number, on one selector thread each.
 */
public final class Responder {
    private static final int BACKLOG = 511;

    private final Selector selector;
    private final ServerSocketChannel server;
    private final ByteBuffer request = ByteBuffer.allocateDirect(4096);
    private final ByteBuffer response;

    private Responder(int port, int number) throws IOException {
        byte[] bytes =
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n%02d"
                        .formatted(number)
                        .getBytes(StandardCharsets.US_ASCII);
        this.response = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        this.selector = Selector.open();
        this.server = ServerSocketChannel.open();
        server.configureBlocking(false);
        server.bind(new InetSocketAddress("127.0.0.1", port), BACKLOG);
        server.register(selector, SelectionKey.OP_ACCEPT);
    }

    /** Takes the port and how many workers. */
    public static void main(String[] args) throws IOException {
        if (Cluster.isPrimary()) {
            Cluster.onListening((worker, address) -> System.out.println("listening"));
            for (int i = 0; i < Integer.parseInt(args[1]); i++) {
                Cluster.fork();
            }
        } else {
            new Responder(Integer.parseInt(args[0]), Cluster.worker().id()).serve();
        }
    }

    private void serve() throws IOException {
        while (server.isOpen()) {
            selector.select(this::ready);
        }
    }

    private void ready(SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                accept();
            } else {
                answer((SocketChannel) key.channel());
            }
        } catch (IOException clientLeft) {
            key.cancel();
        }
    }

    private void accept() throws IOException {
        for (SocketChannel client = server.accept(); client != null; client = server.accept()) {
            client.configureBlocking(false);
            client.register(selector, SelectionKey.OP_READ);
        }
    }

    private void answer(SocketChannel client) throws IOException {
        try (client) {
            if (client.read(request.clear()) > 0) {
                client.write(response.rewind());
            }
        }
    }
}
