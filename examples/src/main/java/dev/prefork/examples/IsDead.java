package dev.prefork.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;

import dev.prefork.Cluster;

import java.io.IOException;
import java.net.InetSocketAddress;

/** isDead() at 'fork' and at 'exit': every worker ends itself after its first request. */
public final class IsDead {
    private IsDead() {}

    /** Takes the port, 8000 unless given. */
    public static void main(String[] args) throws IOException {
        int port = args.length > 0 ? Integer.parseInt(args[0]) : 8000;
        long pid = ProcessHandle.current().pid();
        if (Cluster.isPrimary()) {
            System.out.println("Primary " + pid + " is running");
            Cluster.onFork(worker -> System.out.println("worker is dead: " + worker.isDead()));
            Cluster.onExit(
                    (worker, exit) -> System.out.println("worker is dead: " + worker.isDead()));
            for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
                Cluster.fork();
            }
        } else {
            HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
            server.createContext(
                    "/",
                    exchange -> {
                        byte[] body = ("Current process\n " + pid).getBytes(UTF_8);
                        exchange.sendResponseHeaders(200, body.length);
                        exchange.getResponseBody().write(body);
                        exchange.close();
                        Cluster.worker().process().kill();
                    });
            server.start();
        }
    }
}
