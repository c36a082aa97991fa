package dev.prefork.examples;

import dev.prefork.Cluster;
import dev.prefork.Worker;

import java.util.Optional;

/** exitedAfterDisconnect: whether a worker's end was asked for, here by kill(). */
public final class ExitedAfterDisconnect {
    private ExitedAfterDisconnect() {}

    /** Takes no arguments. */
    public static void main(String[] args) {
        if (Cluster.isPrimary()) {
            Cluster.onExit(
                    (worker, exit) -> {
                        if (worker.exitedAfterDisconnect().equals(Optional.of(true))) {
                            System.out.println("Oh, it was just voluntary - no need to worry");
                        }
                    });
            Worker worker = Cluster.fork();
            worker.kill();
        }
    }
}
