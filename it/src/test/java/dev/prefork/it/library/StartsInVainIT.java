package dev.prefork.it.library;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.Cluster;
import dev.prefork.ClusterSettings;
import dev.prefork.Worker;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Workers that end at their start, and a listener that forks for each. */
class StartsInVainIT {
    private static final int FORKS = 4;

    @RegisterExtension final Programs programs = new Programs();

    /** Forks as the argument says. */
    static final class Forking {
        private static final AtomicInteger ENDED = new AtomicInteger();

        private Forking() {}

        public static void main(String[] args) {
            if (Cluster.isWorker()) {
                System.exit(0);
            }
            if (args[0].equals("vain")) {
                Cluster.setupPrimary(
                        ClusterSettings.builder().execArgv("-XX:NoSuchOption").build());
            }
            Cluster.onExit((_, _) -> forkAgain(args[0]));
            forkAgain(args[0]);
        }

        private static void forkAgain(String kind) {
            if (ENDED.incrementAndGet() <= FORKS) {
                Worker worker = Cluster.fork();
                if (kind.equals("killed")) {
                    worker.disconnect();
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"vain, 1", "online, 0", "killed, 0"})
    void givenAListenerThatForksForEachEnd_whenNoneComesOnline_thenItIsSaidOnce(
            String kind, int times) {
        Program program = programs.java(Forking.class, kind);

        assertThat(program.awaitEnd()).isZero();
        List<String> said =
                program.lines().stream()
                        .filter(line -> line.contains("two workers in a row ended"))
                        .toList();
        assertThat(said).hasSize(times);
        assertThat(said)
                .allMatch(
                        line ->
                                line.contains(
                                        "exit=code 1 command=java " + Forking.class.getName()));
    }
}
