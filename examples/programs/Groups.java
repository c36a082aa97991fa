import com.sun.net.httpserver.HttpServer;
import dev.prefork.*;

// Two kinds of workers side by side: some serve, and one works for them.

void main(String[] args) throws IOException {
    if (Cluster.isPrimary()) {
        Prefork jobs = Prefork.create();
        jobs.onMessage((_, report) -> IO.println("report " + report));
        Pool work = jobs.keep(PoolSettings.of(1).environment(Map.of("KIND", "job")));
        Pool web = Cluster.keep(PoolSettings.of(2).environment(Map.of("KIND", "web")));
        web.listening().thenRun(() -> IO.println("all serve"));
        Cluster.onAsk(Integer.class, (_, n) ->
                work.workers().values().iterator().next().ask(n, Integer.class, Duration.ofSeconds(5)));
    } else if (System.getenv("KIND").equals("job")) {
        Cluster.worker().onAsk(Integer.class, n -> n * n);
        Cluster.worker().send("ready");
    } else {
        var server = HttpServer.create(new InetSocketAddress(Integer.parseInt(args[0])), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            int answer = Cluster.worker().ask(12, Integer.class, Duration.ofSeconds(5)).join();
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(("" + answer).getBytes());
            exchange.close();
        });
        server.start();
    }
}
