package dev.prefork.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/**
 * Our side of HTTP, which knows nothing of us: the JDK's server answers every request with the same
 * two bytes.
 */
public final class HttpResponder {
    private static final byte[] BODY = "ok".getBytes(StandardCharsets.US_ASCII);

    private HttpResponder() {}

    /** Takes the port. */
    public static void main(String[] args) throws IOException {
        HttpServer server =
                HttpServer.create(
                        new InetSocketAddress(
                                InetAddress.getLoopbackAddress(), Integer.parseInt(args[0])),
                        0);
        server.createContext("/", HttpResponder::answer);
        server.setExecutor(
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors()));
        server.start();
    }

    private static void answer(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, BODY.length);
        exchange.getResponseBody().write(BODY);
        exchange.close();
    }
}
