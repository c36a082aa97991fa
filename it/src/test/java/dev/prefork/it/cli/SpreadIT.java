package dev.prefork.it.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;
import dev.prefork.it.support.Signals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Path;

/** How connections that clients keep are shared out, whoever is quicker to take them. */
@Rule("A4")
class SpreadIT {
    @RegisterExtension private final Programs programs = new Programs();
    @TempDir private Path folder;

    private Running serving(int workers) {
        return Running.await(
                programs.start(Running.served(folder.resolve("broken"), "-w", workers)), 1);
    }

    @ParameterizedTest
    @CsvSource({"2, 16", "4, 64"})
    void givenClientsThatKeepTheirConnections_whenTheyConnectAtOnce_thenEachWorkerHasAsMany(
            int workers, int kept) throws IOException {
        Running server = serving(workers);
        try (KeptConnections connections = KeptConnections.open(server, kept)) {
            assertThat(connections.difference()).isLessThanOrEqualTo(1);
        }
    }

    /**
     * What is short counts while it is open, and there are three at a time: a worker may have one
     * of the others more for each of them, at the most.
     */
    @ParameterizedTest
    @CsvSource({"2, 16", "4, 64"})
    void givenShortRequestsAsWell_whenClientsKeepTheirs_thenEachWorkerHasAboutAsMany(
            int workers, int kept) throws Exception {
        Running server = serving(workers);
        try (ShortRequests requests = ShortRequests.to(server)) {
            requests.awaitAnswers(300);
            try (KeptConnections connections = KeptConnections.open(server, kept)) {
                assertThat(connections.difference()).isLessThanOrEqualTo(4);
            }
            assertThat(requests.failures()).isEmpty();
        }
    }

    /** What is open is where it is. */
    @Test
    void givenAWorkerThatWasReplaced_whenClientsConnect_thenTheyFillTheNewOneFirst()
            throws Exception {
        Running before = serving(2);
        try (KeptConnections connections = KeptConnections.open(before, 16)) {
            int killed = before.pids().getFirst();
            Signals.send("KILL", killed);
            Running after = Running.await(before.program(), 2);
            int fresh =
                    after.pids().stream()
                            .filter(pid -> !before.pids().contains(pid))
                            .findAny()
                            .orElseThrow();

            try (KeptConnections more = KeptConnections.open(after, 8)) {
                assertThat(more.servers()).containsOnly(fresh);
                assertThat(connections.askAgain())
                        .as("the other's")
                        .hasSize(8)
                        .containsOnly(before.pids().getLast());
            }
        }
    }
}
