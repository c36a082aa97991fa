package dev.prefork.it.listen;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.prefork.Cluster;
import dev.prefork.ListenOptions;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.stream.Collectors;

/** What the programs of these tests have in common. */
final class Serving {
    private Serving() {}

    static synchronized void say(Object... words) {
        System.out.println(
                Arrays.stream(words).map(String::valueOf).collect(Collectors.joining(" ")));
    }

    /** The primary's part: says which worker listens where, and how it ended. */
    static void printEvents() {
        Cluster.onListening(
                (worker, address) -> {
                    say("port", worker.id(), address.port());
                    say(
                            "listening",
                            worker.id(),
                            address.address().orElse("null"),
                            address.addressType(),
                            address.fd().map(String::valueOf).orElse("none"));
                });
        Cluster.onExit((worker, exit) -> say("exit", worker.id(), exit));
    }

    /** A server that says the worker's id, or what went wrong. */
    static ServerSocketChannel sayId(ListenOptions options) {
        try {
            ServerSocketChannel server = Cluster.listen(options);
            Thread.ofPlatform().name("server").start(() -> acceptAll(server));
            return server;
        } catch (IOException e) {
            say("refused", Cluster.worker().id(), e.getClass().getSimpleName(), e.getMessage());
            return null;
        }
    }

    private static void acceptAll(ServerSocketChannel server) {
        try {
            while (true) {
                try (SocketChannel connection = server.accept()) {
                    connection.write(bytes("" + Cluster.worker().id()));
                }
            }
        } catch (ClosedChannelException closed) {
            say("closed", Cluster.worker().id());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Answers each datagram with the worker's id and what was in it. */
    static void echoAll(DatagramChannel channel) {
        Thread.ofPlatform()
                .name("datagrams")
                .start(
                        () -> {
                            try {
                                while (true) {
                                    echo(channel);
                                }
                            } catch (ClosedChannelException closed) {
                                say("closed", Cluster.worker().id());
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        });
    }

    static boolean echo(DatagramChannel channel) throws IOException {
        ByteBuffer data = ByteBuffer.allocate(100);
        SocketAddress sender = channel.receive(data);
        if (sender == null) {
            return false;
        }
        String text = new String(data.array(), 0, data.position(), UTF_8);
        channel.send(bytes(Cluster.worker().id() + " " + text), sender);
        return true;
    }

    static int port(SocketAddress address) {
        return ((InetSocketAddress) address).getPort();
    }

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }
}
