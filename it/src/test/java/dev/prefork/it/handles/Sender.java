package dev.prefork.it.handles;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.prefork.SendOptions;
import dev.prefork.Worker;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Sends one handle to the other process and prints where a client finds it. */
final class Sender {
    private static final InetSocketAddress ANYWHERE =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private Sender() {}

    /** The kinds of handle, and the special ways to send one; for "one KIND" see Serving. */
    static void send(Worker other, String kind) throws IOException {
        switch (kind.replace("one ", "")) {
            case "SocketChannel" -> {
                SocketChannel connection = accepted();
                other.send(Map.of("kind", kind), connection);
                say("open", connection.isOpen());
            }
            case "Socket" -> {
                Socket connection = acceptedSocket();
                other.send(Map.of("kind", kind), connection);
                say("open", !connection.isClosed());
            }
            case "Unix" -> other.send(Map.of("kind", kind), acceptedUnix());
            case "ServerSocketChannel" -> {
                ServerSocketChannel listener = ServerSocketChannel.open().bind(ANYWHERE);
                say("port", listener.socket().getLocalPort());
                sendAndClose(other, kind, listener);
            }
            case "ServerSocket" -> {
                ServerSocket listener = new ServerSocket();
                listener.bind(ANYWHERE);
                say("port", listener.getLocalPort());
                sendAndClose(other, kind, listener);
            }
            case "DatagramChannel" -> {
                DatagramChannel datagrams =
                        DatagramChannel.open(StandardProtocolFamily.INET).bind(ANYWHERE);
                say("udp", datagrams.socket().getLocalPort());
                sendAndClose(other, kind, datagrams);
            }
            case "DatagramSocket" -> {
                DatagramSocket datagrams = new DatagramSocket(ANYWHERE);
                say("udp", datagrams.getLocalPort());
                sendAndClose(other, kind, datagrams);
            }
            case "twice" -> {
                SocketChannel connection = accepted();
                other.send(Map.of("kind", "first"), connection);
                other.send(Map.of("kind", "again"), connection);
            }
            case "kept" -> {
                SocketChannel connection = accepted();
                other.send(Map.of("kind", kind), connection, SendOptions.KEEP_OPEN);
                say("open", connection.isOpen());
                connection.close();
            }
            case "refused" -> {
                SocketChannel connection = accepted();
                try {
                    other.send(new Object(), connection);
                } catch (IllegalArgumentException e) {
                    say("refused", e.getMessage());
                }
                connection.write(ByteBuffer.wrap("still mine\n".getBytes(UTF_8)));
                connection.close();
            }
            case "big" -> {
                other.send(Map.of("kind", kind, "text", "ż".repeat(400_000)), accepted());
                other.send(Map.of("kind", "after"));
            }
            case "reset" -> {
                SocketChannel connection = accepted();
                say("accepted");
                try {
                    connection.read(ByteBuffer.allocate(1));
                } catch (SocketException expected) {
                    other.send(Map.of("kind", kind), connection);
                }
            }
            default -> throw new IllegalArgumentException("kind=" + kind);
        }
    }

    private static SocketChannel accepted() throws IOException {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(ANYWHERE)) {
            say("port", listener.socket().getLocalPort());
            return listener.accept();
        }
    }

    private static Socket acceptedSocket() throws IOException {
        try (ServerSocket listener = new ServerSocket()) {
            listener.bind(ANYWHERE);
            say("port", listener.getLocalPort());
            return listener.accept();
        }
    }

    private static SocketChannel acceptedUnix() throws IOException {
        Path folder = Files.createTempDirectory("handles");
        Path path = folder.resolve("socket");
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listener.bind(UnixDomainSocketAddress.of(path));
            say("path", path);
            return listener.accept();
        } finally {
            // The primary removes the file of a shared socket, perhaps first.
            Files.deleteIfExists(path);
            Files.delete(folder);
        }
    }

    /** These stay open here when they are sent: the receiver must not need that. */
    private static void sendAndClose(Worker other, String kind, AutoCloseable handle) {
        other.send(Map.of("kind", kind), handle, SendOptions.DEFAULT, failure -> close(handle));
    }

    private static void close(AutoCloseable handle) {
        try {
            handle.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    static void say(Object... words) {
        StringBuilder line = new StringBuilder();
        for (Object word : words) {
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        System.out.println(line);
    }
}
