import com.sun.net.httpserver.HttpServer;
import dev.prefork.*;

// New workers in place of the old ones, without an outage: for each line that says "reload".

void main(String[] args) throws IOException {
    if (Cluster.isPrimary()) {
        Pool pool = Cluster.keep(2);
        for (String line = IO.readln(); line != null; line = IO.readln()) {
            if (line.equals("reload")) {
                pool.reload().handle((_, e) -> e == null ? "reloaded" : e.getMessage()).thenAccept(IO::println);
            }
        }
    } else {
        var server = HttpServer.create(new InetSocketAddress(Integer.parseInt(args[0])), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(("" + Cluster.worker().id()).getBytes());
            exchange.close();
        });
        server.start();
    }
}
