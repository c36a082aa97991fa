package dev.prefork.bench;

import dev.prefork.Cluster;
import dev.prefork.Worker;

/** Our side of fork-online: prints the milliseconds from each fork() to its 'online'. */
public final class ForkOnline {
    private static final int FORKS = 15;

    private ForkOnline() {}

    /** Runs in the primary and in every worker. */
    public static void main(String[] args) {
        if (Cluster.isWorker()) {
            return;
        }
        for (int i = 0; i < FORKS; i++) {
            long start = System.nanoTime();
            Worker worker = Cluster.fork();
            worker.online().join();
            System.out.println((System.nanoTime() - start) / 1e6);
            worker.process().kill("SIGKILL");
            worker.exited().join();
        }
    }
}
