import com.sun.net.httpserver.*;
import dev.prefork.*;

// Server-sent events over all workers: what is posted to one reaches the clients of each.

final Set<HttpExchange> clients = ConcurrentHashMap.newKeySet();

void main(String[] args) throws IOException {
    if (Cluster.isPrimary()) {
        Cluster.onMessage((_, message) -> Cluster.broadcast(message));
        Cluster.fork();
        Cluster.fork();
    } else {
        Cluster.worker().onMessage(String.class, what -> clients.forEach(each -> write(each, "data: " + what + "\n\n")));
        var server = HttpServer.create(new InetSocketAddress(Integer.parseInt(args[0])), 0);
        server.createContext("/events", client -> {
            client.getResponseHeaders().set("Content-Type", "text/event-stream");
            client.sendResponseHeaders(200, 0);
            write(client, ": welcome\n\n");
            clients.add(client);
        });
        server.createContext("/say", exchange -> {
            Cluster.worker().send(exchange.getRequestURI().getQuery());
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
    }
}

void write(HttpExchange client, String text) {
    try {
        client.getResponseBody().write(text.getBytes());
        client.getResponseBody().flush();
    } catch (IOException gone) {
        clients.remove(client);
    }
}
