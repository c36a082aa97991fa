import dev.prefork.*;

// Ask and reply: the worker answers what the primary asks, or refuses.

void main() {
    if (Cluster.isPrimary()) {
        Worker worker = Cluster.fork();
        for (double n : new double[] {16, -1}) {
            worker.ask(n, Double.class, Duration.ofSeconds(10))
                    .handle((root, e) -> e == null ? root : e.getCause().getMessage())
                    .thenAccept(answer -> IO.println(n + ": " + answer))
                    .join();
        }
        worker.disconnect();
    } else {
        Cluster.worker().onAsk(Double.class, n -> {
            if (n < 0) {
                throw new RefusedException("no root of a negative number");
            }
            return Math.sqrt(n);
        });
    }
}
