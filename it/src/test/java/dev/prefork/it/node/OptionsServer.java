package dev.prefork.it.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.prefork.Cluster;
import dev.prefork.ListenOptions;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Map;

/**
 * A little HTTP server on what the options of Node's server.listen say, as worker.js has it:
 * answers with the worker's id and the path.
 */
final class OptionsServer {
    private OptionsServer() {}

    static void start(Map<?, ?> options) throws IOException {
        ServerSocketChannel server = Cluster.listen(listenOptions(options));
        Lines.say("bound", Cluster.worker().id(), server.getLocalAddress());
        Thread.ofPlatform().name("server").start(() -> acceptAll(server));
    }

    private static ListenOptions listenOptions(Map<?, ?> options) {
        ListenOptions listen;
        if (options.get("fd") instanceof Integer fd) {
            listen = ListenOptions.fd(fd);
        } else if (options.get("path") instanceof String path) {
            listen = ListenOptions.path(Path.of(path));
        } else {
            listen = ListenOptions.port((Integer) options.get("port"));
        }
        if (options.get("host") instanceof String host) {
            listen = listen.host(host);
        }
        if (Boolean.TRUE.equals(options.get("ipv6Only"))) {
            listen = listen.ipv6Only();
        }
        return Boolean.TRUE.equals(options.get("exclusive")) ? listen.exclusive() : listen;
    }

    private static void acceptAll(ServerSocketChannel server) {
        try {
            while (true) {
                try (SocketChannel connection = server.accept()) {
                    answer(connection);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void answer(SocketChannel connection) throws IOException {
        BufferedReader request = new BufferedReader(Channels.newReader(connection, UTF_8));
        String path = request.readLine().split(" ", 3)[1];
        while (!request.readLine().isEmpty()) {}
        String body = "java " + Cluster.worker().id() + " " + path;
        String response = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + body;
        connection.write(ByteBuffer.wrap(response.getBytes(UTF_8)));
    }
}
