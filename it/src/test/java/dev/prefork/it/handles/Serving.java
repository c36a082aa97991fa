package dev.prefork.it.handles;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.prefork.Message;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** What a receiver does with a handle: answers whoever is at its other end with its own name. */
final class Serving {
    private Serving() {}

    /**
     * A connection is answered once; listeners and datagram sockets for as long as they are open.
     */
    static void serve(String name, Message message) {
        SelectableChannel handle = message.handle().orElseThrow();
        Thread.ofVirtual().start(() -> serve(name, handle));
    }

    private static void serve(String name, SelectableChannel handle) {
        try {
            switch (handle) {
                case SocketChannel connection -> answer(name, connection);
                case ServerSocketChannel listener -> {
                    while (true) {
                        answer(name, listener.accept());
                    }
                }
                case DatagramChannel datagrams -> {
                    ByteBuffer buffer = ByteBuffer.allocate(1024);
                    while (true) {
                        SocketAddress from = datagrams.receive(buffer.clear());
                        datagrams.send(text(name), from);
                    }
                }
                default -> throw new IllegalArgumentException("handle=" + handle);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void answer(String name, SocketChannel connection) throws IOException {
        try (connection) {
            connection.write(text(name + "\n"));
        }
    }

    private static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }
}
