import com.sun.net.httpserver.HttpServer;
import dev.prefork.*;

// A limit over all workers: 5 requests of each client in all, which the primary counts.

void main(String[] args) throws IOException {
    if (Cluster.isPrimary()) {
        var counts = new HashMap<String, Integer>();
        Cluster.onAsk(String.class, (_, client) -> counts.merge(client, 1, Integer::sum) <= 5);
        Cluster.fork();
        Cluster.fork();
    } else {
        var server = HttpServer.create(new InetSocketAddress(Integer.parseInt(args[0])), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            String client = exchange.getRemoteAddress().getHostString();
            boolean allowed = Cluster.worker().ask(client, Boolean.class, Duration.ofSeconds(1)).join();
            exchange.sendResponseHeaders(allowed ? 200 : 429, -1);
            exchange.close();
        });
        server.start();
    }
}
