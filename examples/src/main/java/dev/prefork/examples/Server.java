package dev.prefork.examples;

import com.sun.net.httpserver.HttpServer;

import dev.prefork.Cluster;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** The document's first program: one worker per CPU, all serving port 8000. */
public final class Server {
    private Server() {}

    /** Runs in the primary and in every worker. Takes the port, 8000 unless given. */
    public static void main(String[] args) throws IOException {
        int port = args.length > 0 ? Integer.parseInt(args[0]) : 8000;
        long pid = ProcessHandle.current().pid();
        if (Cluster.isPrimary()) {
            System.out.println("Primary " + pid + " is running");
            for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
                Cluster.fork();
            }
            Cluster.onExit(
                    (worker, exit) ->
                            System.out.println("worker " + worker.process().pid() + " died"));
        } else {
            HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
            server.createContext(
                    "/",
                    exchange -> {
                        byte[] body = "hello world\n".getBytes(StandardCharsets.UTF_8);
                        exchange.getResponseHeaders().set("X-Worker-Pid", String.valueOf(pid));
                        exchange.sendResponseHeaders(200, body.length);
                        exchange.getResponseBody().write(body);
                        exchange.close();
                    });
            server.start();
            System.out.println("Worker " + pid + " started");
        }
    }
}
