package dev.prefork.classdata;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/**
 * A program as workers are: its servers answer, in each of the ways that the JDK has. The JVM
 * itself has loaded this class, from where the modules that not every JDK has are not seen.
 */
public final class Trainee {
    /** What servers it has; each answers for ever. */
    static final int SERVERS = 3;

    private static final byte[] ANSWER =
            "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII);

    private static final int BUFFER_BYTES = 8192;

    private Trainee() {}

    /** Serves until it is told to go. */
    public static void main(String[] arguments) throws Exception {
        Executor threads = Executors.newVirtualThreadPerTaskExecutor();
        ServerSocket blocking = new ServerSocket();
        blocking.bind(anyPort());
        threads.execute(() -> answer(blocking));
        if (!serveHttp(threads)) {
            ServerSocket instead = new ServerSocket();
            instead.bind(anyPort());
            threads.execute(() -> answer(instead));
        }
        answer(ServerSocketChannel.open().bind(anyPort()));
    }

    private static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private static void answer(ServerSocket server) {
        while (true) {
            try (Socket client = server.accept()) {
                var _ = client.getInputStream().read(new byte[BUFFER_BYTES]);
                client.getOutputStream().write(ANSWER);
            } catch (IOException closed) {
                return;
            }
        }
    }

    private static void answer(ServerSocketChannel server) throws IOException {
        try (Selector selector = Selector.open()) {
            var _ = server.configureBlocking(false).register(selector, SelectionKey.OP_ACCEPT);
            while (true) {
                var _ = selector.select(key -> answer(selector, key));
            }
        }
    }

    private static void answer(Selector selector, SelectionKey key) {
        try {
            if (key.channel() instanceof ServerSocketChannel server) {
                SocketChannel client = server.accept();
                if (client != null) {
                    var _ =
                            client.configureBlocking(false)
                                    .register(selector, SelectionKey.OP_READ);
                }
            } else if (key.channel() instanceof SocketChannel client) {
                try (client) {
                    var _ = client.read(ByteBuffer.allocateDirect(BUFFER_BYTES));
                    var _ = client.write(ByteBuffer.wrap(ANSWER));
                }
            }
        } catch (IOException gone) {
            key.cancel();
        }
    }

    /** Returns whether this JDK has a server of its own. */
    private static boolean serveHttp(Executor threads) throws ReflectiveOperationException {
        if (ModuleLayer.boot().findModule("jdk.httpserver").isEmpty()) {
            return false;
        }
        ClassLoader loader = ClassLoader.getPlatformClassLoader();
        Class<?> type = loader.loadClass("com.sun.net.httpserver.HttpServer");
        Class<?> handler = loader.loadClass("com.sun.net.httpserver.HttpHandler");
        Class<?> exchange = loader.loadClass("com.sun.net.httpserver.HttpExchange");
        Object answering =
                Proxy.newProxyInstance(
                        loader,
                        new Class<?>[] {handler},
                        (_, _, arguments) -> {
                            var _ =
                                    exchange.getMethod("sendResponseHeaders", int.class, long.class)
                                            .invoke(arguments[0], 200, (long) ANSWER.length);
                            ((OutputStream)
                                            exchange.getMethod("getResponseBody")
                                                    .invoke(arguments[0]))
                                    .write(ANSWER);
                            return exchange.getMethod("close").invoke(arguments[0]);
                        });
        Object server =
                type.getMethod("create", InetSocketAddress.class, int.class)
                        .invoke(null, anyPort(), 0);
        var _ =
                type.getMethod("createContext", String.class, handler)
                        .invoke(server, "/", answering);
        var _ = type.getMethod("setExecutor", Executor.class).invoke(server, threads);
        return type.getMethod("start").invoke(server) == null;
    }
}
