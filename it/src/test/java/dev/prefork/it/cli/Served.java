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
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * An HTTP server that knows nothing of Prefork. A response is the pid, once the request's body is
 * there. While the file that its first argument names exists it is broken: it ends at once, or in
 * the way that the file says.
 */
final class Served {
    private Served() {}

    public static void main(String[] args) throws IOException {
        System.out.println("slot " + System.getenv("PREFORK_SLOT") + " arguments " + List.of(args));
        String fault = fault(Path.of(args[0]));
        if (fault.equals("at once")) {
            System.err.println("broken");
            System.exit(3);
        }
        if (List.of(args).contains("probe")) {
            new ServerSocket(0).close();
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("bye")));
        if (fault.equals("silent") || List.of(args).contains("silent")) {
            Thread.ofPlatform().start(Served::work);
            return;
        }
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", Served::answer);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        if (fault.equals("after listening")) {
            endIn(Duration.ofSeconds(1));
        }
        if (List.of(args).contains("chatter")) {
            Thread.ofPlatform().start(Served::chatter);
        }
    }

    private static String fault(Path broken) throws IOException {
        if (!Files.exists(broken)) {
            return "";
        }
        String text = Files.readString(broken);
        return text.isEmpty() ? "at once" : text;
    }

    private static void endIn(Duration time) {
        CompletableFuture.delayedExecutor(time.toMillis(), TimeUnit.MILLISECONDS)
                .execute(() -> Runtime.getRuntime().exit(4));
    }

    /** For ever, on what comes from anywhere but a port. */
    private static void work() {
        while (true) {
            LockSupport.park();
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
