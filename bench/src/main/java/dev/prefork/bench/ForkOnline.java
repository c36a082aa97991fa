package dev.prefork.bench;

import dev.prefork.ClassDataSource;
import dev.prefork.Cluster;
import dev.prefork.ClusterSettings;
import dev.prefork.Worker;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Our side of the forks: prints the milliseconds from each fork() to its 'online'. Without an
 * argument the worker is this program once more; with one it is as those of {@code prefork run}.
 */
public final class ForkOnline {
    /** How a worker is started, as the first argument says. */
    enum Start {
        /** From class data in the only folder of the one that the second argument names. */
        CACHED,
        /** By a JVM that has been started before, and waits. */
        SPARE
    }

    static final int FORKS = 15;

    /**
     * A spare is started a second after the last fork, and needs less than that to begin to wait.
     */
    private static final long SPARE_IS_READY_MILLIS = 3000;

    private ForkOnline() {}

    /** Runs in the primary, and without arguments in every worker. */
    public static void main(String[] args) throws Exception {
        if (Cluster.isWorker()) {
            return;
        }
        if (args.length == 0) {
            fork(FORKS);
            return;
        }
        ClusterSettings.Builder settings =
                ClusterSettings.builder()
                        .standalone(true)
                        .exec(Idle.class.getName())
                        .execArgv("-cp", JavaSide.ours(System.getProperty("java.class.path")) + "");
        switch (Start.valueOf(args[0])) {
            case CACHED -> {
                Cluster.setupPrimary(settings.classData(onlyOne(Path.of(args[1]))).build());
                fork(FORKS);
            }
            case SPARE -> {
                Cluster.setupPrimary(settings.spares(1).build());
                // There is none for the first.
                forkOne();
                for (int i = 0; i < FORKS; i++) {
                    Thread.sleep(SPARE_IS_READY_MILLIS);
                    System.out.println(forkOne());
                }
            }
        }
    }

    private static void fork(int count) {
        for (int i = 0; i < count; i++) {
            System.out.println(forkOne());
        }
    }

    /** Milliseconds. */
    private static double forkOne() {
        long start = System.nanoTime();
        Worker worker = Cluster.fork();
        worker.online().join();
        double millis = (System.nanoTime() - start) / 1e6;
        worker.process().kill("SIGKILL");
        worker.exited().join();
        return millis;
    }

    private static ClassDataSource onlyOne(Path folder) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, Files::isDirectory)) {
            Path entry = entries.iterator().next();
            return _ ->
                    Optional.of(
                            new ClassDataSource.ClassData(
                                    entry.resolve("classes.jar"), entry.resolve("classes.jsa")));
        }
    }
}
