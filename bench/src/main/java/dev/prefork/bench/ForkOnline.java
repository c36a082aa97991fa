package dev.prefork.bench;

import dev.prefork.ClassDataSource;
import dev.prefork.Cluster;
import dev.prefork.ClusterSettings;
import dev.prefork.Prefork;
import dev.prefork.Slot;
import dev.prefork.Worker;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Our side of the forks: prints the milliseconds from each fork() to its 'online'. Without an
 * argument the worker is this program once more; with one, a folder with class data in a folder of
 * its own, it is as those of {@code prefork run}; with a number besides, so many spares wait.
 */
public final class ForkOnline {
    static final int FORKS = 15;

    /** A worker's life: the next spare is started one second after a fork, and boots. */
    private static final int LIFE_SECONDS = 3;

    private ForkOnline() {}

    /** Runs in the primary, and without arguments in every worker. */
    public static void main(String[] args) throws IOException, InterruptedException {
        if (Cluster.isWorker()) {
            return;
        }
        if (args.length == 0) {
            forkAll(Cluster::fork, 0);
        } else {
            int spares = args.length > 1 ? Integer.parseInt(args[1]) : 0;
            try (Prefork prefork = Prefork.create(standalone(Path.of(args[0]), spares))) {
                Slot slot = prefork.slot(0);
                forkAll(() -> slot.fork(Map.of()), spares > 0 ? LIFE_SECONDS : 0);
            }
        }
    }

    private static ClusterSettings standalone(Path classData, int spares) throws IOException {
        return ClusterSettings.builder()
                .standalone(true)
                .exec(Idle.class.getName())
                .execArgv("-cp", JavaSide.ours(System.getProperty("java.class.path")) + "")
                .classData(onlyOne(classData))
                .spares(spares)
                .build();
    }

    private static void forkAll(Supplier<Worker> fork, int lifeSeconds)
            throws InterruptedException {
        for (int i = 0; i < FORKS; i++) {
            System.out.println(forkOne(fork, lifeSeconds));
        }
    }

    /** Milliseconds. */
    private static double forkOne(Supplier<Worker> fork, int lifeSeconds)
            throws InterruptedException {
        long start = System.nanoTime();
        Worker worker = fork.get();
        worker.online().join();
        double millis = (System.nanoTime() - start) / 1e6;
        TimeUnit.SECONDS.sleep(lifeSeconds);
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
