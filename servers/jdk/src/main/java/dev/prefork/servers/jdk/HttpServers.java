package dev.prefork.servers.jdk;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.Executors;

import javax.net.ssl.SSLContext;

/** The JDK's own HTTP server. */
final class HttpServers {
    private HttpServers() {}

    /** With its default executor: the one thread that accepts also answers. */
    static void http(InetSocketAddress address) throws IOException {
        start(HttpServer.create(address, 0));
    }

    static void httpOnVirtualThreads(InetSocketAddress address) throws IOException {
        HttpServer server = HttpServer.create(address, 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        start(server);
    }

    /** With the key of the system property javax.net.ssl.keyStore. */
    static void https(InetSocketAddress address) throws IOException, NoSuchAlgorithmException {
        HttpsServer server = HttpsServer.create(address, 0);
        server.setHttpsConfigurator(new HttpsConfigurator(SSLContext.getDefault()));
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        start(server);
    }

    private static void start(HttpServer server) {
        server.createContext("/", HttpServers::answer);
        server.createContext("/stream", HttpServers::stream);
        server.start();
    }

    private static void answer(HttpExchange exchange) throws IOException {
        byte[] body = Answers.whoAndWhom(exchange.getRemoteAddress()).getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain");
        exchange.sendResponseHeaders(200, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    private static void stream(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/plain");
        exchange.sendResponseHeaders(200, 0); // Zero means chunked.
        try (OutputStream out = exchange.getResponseBody()) {
            Answers.writeSlowly(out, exchange.getRequestURI().toString());
        }
    }
}
