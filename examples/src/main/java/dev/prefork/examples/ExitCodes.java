package dev.prefork.examples;

import dev.prefork.Cluster;

/** How a worker ended: killed by a signal, with an error code, or well. */
public final class ExitCodes {
    private ExitCodes() {}

    /** Takes the worker's exit code, or the name of the signal that ends it; 0 unless given. */
    public static void main(String[] args) {
        if (Cluster.isPrimary()) {
            Cluster.fork()
                    .onExit(
                            exit -> {
                                if (exit.signal().isPresent()) {
                                    System.out.println(
                                            "worker was killed by signal: " + exit.signal().get());
                                } else if (!exit.isSuccess()) {
                                    System.out.println(
                                            "worker exited with error code: "
                                                    + exit.code().getAsInt());
                                } else {
                                    System.out.println("worker success!");
                                }
                            });
        } else if (args.length > 0 && args[0].startsWith("SIG")) {
            Cluster.worker().process().kill(args[0]);
        } else {
            System.exit(args.length > 0 ? Integer.parseInt(args[0]) : 0);
        }
    }
}
