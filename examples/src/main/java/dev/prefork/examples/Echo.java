package dev.prefork.examples;

import dev.prefork.Cluster;
import dev.prefork.Worker;

/** Echo: the worker sends every message of the primary back. */
public final class Echo {
    private Echo() {}

    /** Takes no arguments. */
    public static void main(String[] args) {
        if (Cluster.isPrimary()) {
            Worker worker = Cluster.fork();
            worker.onMessage(
                    message -> {
                        System.out.println("echo: " + message);
                        worker.disconnect();
                    });
            worker.send("hi there");
        } else {
            Cluster.worker().onMessage(message -> Cluster.worker().send(message.value()));
        }
    }
}
