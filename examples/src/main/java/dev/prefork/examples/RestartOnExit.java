package dev.prefork.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;

import dev.prefork.Cluster;

import java.io.IOException;
import java.net.InetSocketAddress;

/** Restart on exit: for each worker that dies another one is forked, and the port stays served. */
public final class RestartOnExit {
    private RestartOnExit() {}

    /** Takes the port, 8000 unless given. */
    public static void main(String[] args) throws IOException {
        int port = args.length > 0 ? Integer.parseInt(args[0]) : 8000;
        if (Cluster.isPrimary()) {
            Cluster.fork();
            Cluster.fork();
            Cluster.onExit(
                    (worker, exit) -> {
                        System.out.printf(
                                "worker %d died (%s). restarting...%n",
                                worker.process().pid(), exit);
                        Cluster.fork();
                    });
        } else {
            HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
            server.createContext(
                    "/",
                    exchange -> {
                        byte[] body = "hello world\n".getBytes(UTF_8);
                        exchange.sendResponseHeaders(200, body.length);
                        exchange.getResponseBody().write(body);
                        exchange.close();
                    });
            server.start();
            System.out.println("Worker " + ProcessHandle.current().pid() + " started");
        }
    }
}
