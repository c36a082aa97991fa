package dev.prefork.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;

import com.sun.net.httpserver.HttpServer;

import dev.prefork.Cluster;
import dev.prefork.Message;
import dev.prefork.Worker;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Messages: the primary counts the HTTP requests that its workers tell it of, every second. */
public final class MessageCounter {
    private static final AtomicInteger requests = new AtomicInteger();

    private MessageCounter() {}

    /** Takes the port, 8000 unless given. */
    public static void main(String[] args) throws IOException {
        int port = args.length > 0 ? Integer.parseInt(args[0]) : 8000;
        if (Cluster.isPrimary()) {
            var _ =
                    Executors.newSingleThreadScheduledExecutor()
                            .scheduleAtFixedRate(
                                    () -> System.out.println("numReqs = " + requests),
                                    1,
                                    1,
                                    SECONDS);
            for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
                Cluster.fork();
            }
            for (Worker worker : Cluster.workers().values()) {
                worker.onMessage(MessageCounter::count);
            }
        } else {
            HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
            server.createContext(
                    "/",
                    exchange -> {
                        byte[] body = "hello world\n".getBytes(UTF_8);
                        exchange.sendResponseHeaders(200, body.length);
                        exchange.getResponseBody().write(body);
                        exchange.close();
                        Cluster.worker().send(Map.of("cmd", "notifyRequest"));
                    });
            server.start();
        }
    }

    private static void count(Message message) {
        if (message.value() instanceof Map<?, ?> fields
                && "notifyRequest".equals(fields.get("cmd"))) {
            requests.incrementAndGet();
        }
    }
}
