package dev.prefork.examples;

import dev.prefork.Cluster;

/** 'disconnect' on the cluster names every worker whose channel has closed. */
public final class Disconnects {
    private Disconnects() {}

    /** Takes no arguments. */
    public static void main(String[] args) {
        if (Cluster.isPrimary()) {
            Cluster.onDisconnect(
                    worker ->
                            System.out.println("The worker #" + worker.id() + " has disconnected"));
            Cluster.fork();
            Cluster.fork();
            Cluster.disconnect(() -> System.out.println("all have disconnected"));
        }
    }
}
