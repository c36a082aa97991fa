package dev.prefork.servers.undertow;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.BlockingHandler;
import io.undertow.util.Headers;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.util.Deque;

/** Undertow: {@code java -jar undertow.jar PORT}. */
final class UndertowServer {
    private static final long PID = ProcessHandle.current().pid();

    private UndertowServer() {}

    public static void main(String[] args) {
        Undertow.builder()
                .addHttpListener(Integer.parseInt(args[0]), "0.0.0.0")
                .setHandler(
                        Handlers.path(UndertowServer::answer)
                                .addExactPath(
                                        "/stream", new BlockingHandler(UndertowServer::stream)))
                .build()
                .start();
    }

    private static void answer(HttpServerExchange exchange) {
        InetSocketAddress remote = exchange.getSourceAddress();
        String client = remote.getAddress().getHostAddress() + ":" + remote.getPort();
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "text/plain");
        exchange.getResponseSender().send("pid=" + PID + " remote=" + client + "\n");
    }

    private static void stream(HttpServerExchange exchange)
            throws IOException, InterruptedException {
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "text/plain");
        Deque<String> wanted = exchange.getQueryParameters().get("lines");
        int lines = wanted == null ? 10 : Integer.parseInt(wanted.getFirst());
        OutputStream out = exchange.getOutputStream();
        for (int line = 1; line <= lines; line++) {
            if (line > 1) {
                Thread.sleep(100);
            }
            out.write(("pid=" + PID + " line=" + line + "\n").getBytes(UTF_8));
            out.flush();
        }
    }
}
