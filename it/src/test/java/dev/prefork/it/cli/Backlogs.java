package dev.prefork.it.cli;

import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.ServerSocketChannel;
import java.util.concurrent.locks.LockSupport;

/** Listens in each way in which a program can without naming a backlog, and accepts nobody. */
final class Backlogs {
    private Backlogs() {}

    public static void main(String[] args) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.bind(any());
        ServerSocketChannel channel = ServerSocketChannel.open().bind(any());
        ServerSocketChannel adapted = ServerSocketChannel.open();
        adapted.socket().bind(any());
        AsynchronousServerSocketChannel asynchronous =
                AsynchronousServerSocketChannel.open().bind(any());
        HttpServer http = HttpServer.create(any(), 0);
        System.out.println(
                "ports %d %d %d %d %d"
                        .formatted(
                                socket.getLocalPort(),
                                port(channel.getLocalAddress()),
                                adapted.socket().getLocalPort(),
                                port(asynchronous.getLocalAddress()),
                                http.getAddress().getPort()));
        while (true) {
            // As a server that is busy for ever.
            LockSupport.park(socket);
        }
    }

    private static InetSocketAddress any() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private static int port(SocketAddress address) {
        return ((InetSocketAddress) address).getPort();
    }
}
