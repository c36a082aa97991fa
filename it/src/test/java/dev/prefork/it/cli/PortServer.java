package dev.prefork.it.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** An HTTP server on the port that its argument says. */
final class PortServer {
    private PortServer() {}

    public static void main(String[] args) throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        HttpServer server =
                HttpServer.create(new InetSocketAddress(loopback, Integer.parseInt(args[0])), 0);
        server.createContext(
                "/",
                exchange -> {
                    byte[] answer = "served".getBytes(UTF_8);
                    exchange.sendResponseHeaders(200, answer.length);
                    exchange.getResponseBody().write(answer);
                    exchange.close();
                });
        server.start();
        System.out.println("up");
        System.out.println("listening");
    }
}
