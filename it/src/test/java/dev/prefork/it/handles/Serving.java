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
     * A connection is answered once, or held until the client closes it if that is its kind;
     * listeners and datagram sockets answer for as long as they are open, or one client only.
     */
    static void serve(String name, String kind, Message message) {
        SelectableChannel handle = message.handle().orElseThrow();
        Thread.ofVirtual().start(() -> serve(name, kind, handle));
    }

    private static void serve(String name, String kind, SelectableChannel handle) {
        try {
            switch (handle) {
                case SocketChannel connection when kind.equals("held") -> hold(connection);
                case SocketChannel connection -> answer(name, connection);
                case ServerSocketChannel listener -> {
                    do {
                        answer(name, listener.accept());
                    } while (!kind.startsWith("one "));
                    listener.close();
                }
                case DatagramChannel datagrams -> {
                    ByteBuffer buffer = ByteBuffer.allocate(1024);
                    do {
                        SocketAddress from = datagrams.receive(buffer.clear());
                        datagrams.send(text(name), from);
                    } while (!kind.startsWith("one "));
                    datagrams.close();
                }
                default -> throw new IllegalArgumentException("handle=" + handle);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void hold(SocketChannel connection) throws IOException {
        try (connection) {
            while (connection.read(ByteBuffer.allocate(1)) >= 0) {}
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
