package dev.prefork.servers.jdk;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

import javax.net.ssl.SSLServerSocketFactory;

/** A thread that accepts, and a thread for each connection. */
final class StreamServers {
    private StreamServers() {}

    static void serverSocket(InetSocketAddress address) throws IOException {
        acceptAll(new ServerSocket(address.getPort()));
    }

    /** With the key of the system property javax.net.ssl.keyStore. */
    static void tlsServerSocket(InetSocketAddress address) throws IOException {
        acceptAll(SSLServerSocketFactory.getDefault().createServerSocket(address.getPort()));
    }

    private static void acceptAll(ServerSocket server) throws IOException {
        while (true) {
            Socket socket = server.accept();
            Thread.ofPlatform().start(() -> serve(socket));
        }
    }

    private static void serve(Socket socket) {
        try (socket) {
            new HttpByHand(
                            socket.getInputStream(),
                            socket.getOutputStream(),
                            socket.getRemoteSocketAddress())
                    .serve();
        } catch (IOException gone) {
            // The client's business.
        }
    }

    static void serverSocketChannel(InetSocketAddress address) throws IOException {
        acceptAll(ServerSocketChannel.open().bind(address));
    }

    static void unixServerSocketChannel(Path file) throws IOException {
        acceptAll(
                ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                        .bind(UnixDomainSocketAddress.of(file)));
    }

    private static void acceptAll(ServerSocketChannel server) throws IOException {
        while (true) {
            SocketChannel channel = server.accept();
            Thread.ofVirtual().start(() -> serve(channel));
        }
    }

    private static void serve(SocketChannel channel) {
        try (channel) {
            new HttpByHand(
                            Channels.newInputStream(channel),
                            Channels.newOutputStream(channel),
                            channel.getRemoteAddress())
                    .serve();
        } catch (IOException gone) {
            // The client's business.
        }
    }
}
