package dev.prefork.it.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.prefork.Cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** The small servers that workers run, on a thread of their own, as any application would. */
final class Servers {
    private Servers() {}

    /** What a server does with a connection; it is closed afterwards. */
    interface Service {
        void serve(SocketChannel connection) throws IOException;
    }

    /** Says the worker's id to every connection, and closes it. */
    static ServerSocketChannel sayId(int port) throws IOException {
        return serve(port, connection -> say(connection, "" + Cluster.worker().id()));
    }

    /** Says {@code ID LINE} for every line, until the client closes. */
    static ServerSocketChannel echo(int port) throws IOException {
        return serve(port, Servers::echo);
    }

    private static void echo(SocketChannel connection) throws IOException {
        BufferedReader lines = new BufferedReader(Channels.newReader(connection, UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            say(connection, Cluster.worker().id() + " " + line + "\n");
        }
    }

    /** One thread accepts, one serves each connection. */
    static ServerSocketChannel serve(int port, Service service) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        Thread.ofPlatform().name("server").start(() -> acceptAll(server, service));
        return server;
    }

    private static void acceptAll(ServerSocketChannel server, Service service) {
        try {
            while (true) {
                SocketChannel connection = server.accept();
                Thread.ofVirtual().start(() -> serve(connection, service));
            }
        } catch (ClosedChannelException closed) {
            Events.say("server closed", Cluster.worker().id());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void serve(SocketChannel connection, Service service) {
        try (connection) {
            service.serve(connection);
        } catch (IOException clientIsGone) {
            Events.say("client is gone", Cluster.worker().id());
        }
    }

    static void say(SocketChannel connection, String text) throws IOException {
        connection.write(ByteBuffer.wrap(text.getBytes(UTF_8)));
    }

    static int port(ServerSocketChannel server) throws IOException {
        return ((InetSocketAddress) server.getLocalAddress()).getPort();
    }
}
