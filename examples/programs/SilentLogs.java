import dev.prefork.*;

// What workers print does not go to the primary's output, but through its hands.

void main() {
    if (Cluster.isPrimary()) {
        Cluster.setupPrimary(ClusterSettings.builder().silent(true).build());
        for (int i = 0; i < 2; i++) {
            Worker worker = Cluster.fork();
            var lines = new Scanner(worker.process().stdout().orElseThrow()).useDelimiter("\n");
            Thread.startVirtualThread(() -> lines.forEachRemaining(line -> IO.println("[" + worker.id() + "] " + line)));
        }
    } else {
        IO.println("I am worker " + Cluster.worker().id());
        Cluster.worker().disconnect();
    }
}
