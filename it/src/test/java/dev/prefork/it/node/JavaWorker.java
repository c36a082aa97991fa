package dev.prefork.it.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;

import dev.prefork.Cluster;
import dev.prefork.Message;
import dev.prefork.Worker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;

/**
 * The Java counterpart of worker.js: an unmodified JDK HttpServer that serves; orders come as
 * messages, and what is no order is sent back.
 */
final class JavaWorker {
    record Order(String order, int code, int count, int port, Map<String, Object> options) {}

    private JavaWorker() {}

    public static void main(String[] args) throws IOException {
        Worker self = Cluster.worker();
        self.onMessage(message -> received(self, message));
        self.onDisconnect(
                () -> Lines.say("worker disconnected", self.id(), self.exitedAfterDisconnect()));
        HttpServer server = HttpServer.create(new InetSocketAddress(0), 0);
        server.createContext(
                "/",
                exchange -> {
                    String body = "java " + self.id() + " " + exchange.getRequestURI();
                    exchange.sendResponseHeaders(200, body.length());
                    exchange.getResponseBody().write(body.getBytes(UTF_8));
                    exchange.close();
                });
        server.start();
        Lines.say("bound", self.id(), server.getAddress().getPort());
    }

    private static void received(Worker self, Message message) {
        if (!(message.value() instanceof Map<?, ?> fields) || !fields.containsKey("order")) {
            self.send(message.value());
            return;
        }
        Order order = message.as(Order.class);
        switch (order.order()) {
            case "disconnect" -> self.disconnect();
            case "kill" -> self.kill();
            case "listen" -> listen(self, order);
            case "exit" -> System.exit(order.code());
            case "spin" -> {
                Lines.say("spinning", self.id());
                while (true) {
                    Thread.onSpinWait();
                }
            }
            case "sayAndExit" -> {
                for (int i = 0; i < order.count(); i++) {
                    self.send(Map.of("i", i));
                }
                System.exit(order.code());
            }
            default -> throw new IllegalArgumentException("order=" + order.order());
        }
    }

    /** An unmodified server, or one that says all that Node's options can. */
    private static void listen(Worker self, Order order) {
        try {
            if (order.options() != null) {
                OptionsServer.start(order.options());
            } else {
                InetAddress loopback = InetAddress.getLoopbackAddress();
                HttpServer.create(new InetSocketAddress(loopback, order.port()), 0).start();
            }
        } catch (IOException e) {
            self.send(Map.of("error", e.toString()));
        }
    }
}
