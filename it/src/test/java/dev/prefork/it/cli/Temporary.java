package dev.prefork.it.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.URL;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;

/**
 * An HTTP server, the response its pid, that opens and closes listeners of every kind before and
 * after its real ones. Arguments: the first of a row of {@link #PORTS} ports, of which the first
 * two are real, and a folder. While that has a file {@code one} it opens only the first.
 */
final class Temporary {
    /** How many ports it uses. */
    static final int PORTS = 10;

    private static final int MOST_CUTS = 10;

    private final int first;
    private final Path folder;

    private Temporary(int first, Path folder) {
        this.first = first;
        this.folder = folder;
    }

    public static void main(String[] args) throws Exception {
        new Temporary(Integer.parseInt(args[0]), Path.of(args[1])).run();
    }

    private void run() throws Exception {
        openAndClose();
        serve(at(freePort()));
        if (!Files.exists(folder.resolve("one"))) {
            serve(at(first + 1));
        }
        openAndClose();
        System.out.println("complete");
    }

    private InetSocketAddress at(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** As programs do that take the next port where one is in use. */
    private int freePort() throws IOException {
        for (int port = first; ; port++) {
            try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return port;
            } catch (BindException taken) {
                // The next one.
            }
        }
    }

    private static HttpServer serve(InetSocketAddress address) throws IOException {
        HttpServer server = HttpServer.create(address, 0);
        byte[] pid = String.valueOf(ProcessHandle.current().pid()).getBytes(UTF_8);
        server.createContext(
                "/",
                exchange -> {
                    exchange.sendResponseHeaders(200, pid.length);
                    exchange.getResponseBody().write(pid);
                    exchange.close();
                });
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        return server;
    }

    private void openAndClose() throws Exception {
        new ServerSocket(first + 2, 1, InetAddress.getLoopbackAddress()).close();
        ServerSocketChannel.open().bind(at(first + 3)).close();
        selectAndClose();
        AsynchronousServerSocketChannel.open().bind(at(first + 5)).close();
        new DatagramSocket(at(first + 6)).close();
        DatagramChannel.open().bind(at(first + 7)).close();
        new MulticastSocket(at(first + 8)).close();
        Path path = folder.resolve("temporary.sock");
        ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(path))
                .close();
        Files.deleteIfExists(path);
        warmUp();
    }

    private void selectAndClose() throws IOException {
        try (Selector selector = Selector.open();
                ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(at(first + 4)).configureBlocking(false);
            server.register(selector, SelectionKey.OP_ACCEPT);
            selector.selectNow();
        }
    }

    /** Answers itself, so that it is compiled before anybody else asks. */
    private void warmUp() throws IOException {
        HttpServer server = serve(at(first + 9));
        for (String path : List.of("/a", "/b")) {
            ask(URI.create("http://127.0.0.1:" + (first + 9) + path).toURL());
        }
        server.stop(0);
    }

    /** It may be the other worker's turn, which stops its own server at this moment. */
    private static void ask(URL url) throws IOException {
        for (int i = 0; ; i++) {
            try {
                url.openStream().close();
                return;
            } catch (SocketException cut) {
                if (i == MOST_CUTS) {
                    throw cut;
                }
            }
        }
    }
}
