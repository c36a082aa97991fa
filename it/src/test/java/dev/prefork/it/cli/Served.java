package dev.prefork.it.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;

/**
 * An HTTP server that knows nothing of Prefork. A response is the pid, once the request's body is
 * there. It fails to start while the file that its first argument names exists.
 */
final class Served {
    private Served() {}

    public static void main(String[] args) throws IOException {
        System.out.println("slot " + System.getenv("PREFORK_SLOT") + " arguments " + List.of(args));
        if (Files.exists(Path.of(args[0]))) {
            System.err.println("broken");
            System.exit(3);
        }
        if (List.of(args).contains("probe")) {
            new ServerSocket(0).close();
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("bye")));
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", Served::answer);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        if (List.of(args).contains("chatter")) {
            Thread.ofPlatform().start(Served::chatter);
        }
    }

    private static void answer(HttpExchange exchange) throws IOException {
        byte[] pid = String.valueOf(ProcessHandle.current().pid()).getBytes(UTF_8);
        exchange.getRequestBody().readAllBytes();
        exchange.sendResponseHeaders(200, pid.length);
        exchange.getResponseBody().write(pid);
        exchange.close();
    }

    private static void chatter() {
        while (true) {
            System.out.println("blah");
        }
    }
}
