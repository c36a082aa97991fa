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
 * argument the worker is this program once more; with one, a folder with class data in a folder of
 * its own, it is as those of {@code prefork run}.
 */
public final class ForkOnline {
    static final int FORKS = 15;

    private ForkOnline() {}

    /** Runs in the primary, and without arguments in every worker. */
    public static void main(String[] args) throws IOException {
        if (Cluster.isWorker()) {
            return;
        }
        if (args.length > 0) {
            Cluster.setupPrimary(
                    ClusterSettings.builder()
                            .standalone(true)
                            .exec(Idle.class.getName())
                            .execArgv(
                                    "-cp",
                                    JavaSide.ours(System.getProperty("java.class.path")) + "")
                            .classData(onlyOne(Path.of(args[0])))
                            .build());
        }
        for (int i = 0; i < FORKS; i++) {
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
