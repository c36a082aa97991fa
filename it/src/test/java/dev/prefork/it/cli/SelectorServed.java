package dev.prefork.it.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** An HTTP server by one selector and one thread, for requests without a body. */
final class SelectorServed {
    private static final String ANSWER =
            "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok";

    private SelectorServed() {}

    public static void main(String[] args) throws IOException {
        Selector selector = Selector.open();
        ServerSocketChannel server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT);
        while (true) {
            selector.select(SelectorServed::ready);
        }
    }

    private static void ready(SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                accept((ServerSocketChannel) key.channel(), key.selector());
            } else {
                read(key, (SocketChannel) key.channel());
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void accept(ServerSocketChannel server, Selector selector) throws IOException {
        SocketChannel connection = server.accept();
        if (connection != null) {
            connection.configureBlocking(false);
            connection.register(selector, SelectionKey.OP_READ, ByteBuffer.allocate(1024));
        }
    }

    private static void read(SelectionKey key, SocketChannel connection) throws IOException {
        ByteBuffer request = (ByteBuffer) key.attachment();
        boolean isEnd = connection.read(request) < 0;
        String text = US_ASCII.decode(request.duplicate().flip()).toString();
        if (text.endsWith("\r\n\r\n")) {
            connection.write(ByteBuffer.wrap(ANSWER.getBytes(US_ASCII)));
            connection.close();
        } else if (isEnd) {
            connection.close();
        }
    }
}
