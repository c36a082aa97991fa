package dev.prefork.it.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;
import dev.prefork.it.support.Signals;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;

/** A worker that is stopped while clients connect: the others serve them, and soon. */
@Rule("D2")
class StoppedWorkerIT {
    /** Half a second until what it was handed is taken back, and what a busy machine needs. */
    private static final Duration SOON = Duration.ofSeconds(3);

    @RegisterExtension private final Programs programs = new Programs();
    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource({"2, rr", "4, rr", "2, none", "2, reuseport"})
    void
            givenLoad_whenAWorkerIsStopped_thenNoNewRequestWaitsForItAndItsKeptOnesAreNoMoreThanItsPart(
                    int workers, String policy) throws Exception {
        Running server =
                Running.await(
                        programs.start(
                                Running.served(
                                        folder.resolve("broken"),
                                        "-w",
                                        workers,
                                        "--policy",
                                        policy)),
                        1);
        int stopped = server.pids().getFirst();
        try (KeptConnections kept = KeptConnections.open(server, 4 * workers);
                ShortRequests requests = ShortRequests.to(server)) {
            requests.awaitAnswers(300);

            Signals.send("STOP", stopped);
            long before = System.nanoTime();
            // Each of the three may have one in the stopped worker, which is not to be had back.
            requests.awaitAnswers(100);
            Duration took = Duration.ofNanos(System.nanoTime() - before);
            List<Integer> others = server.pids().stream().filter(pid -> pid != stopped).toList();
            for (int i = 0; i < 20; i++) {
                assertThat(others).contains(server.ask());
            }
            Signals.send("CONT", stopped);
            requests.awaitAnswers(100);

            assertThat(took).isLessThan(SOON);
            assertThat(requests.failures()).isEmpty();
            if (policy.equals("rr")) {
                assertThat(Collections.frequency(kept.servers(), stopped)).isEqualTo(4);
            }
        }
    }
}
