package dev.prefork.it.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;
import dev.prefork.it.support.Sampled;
import dev.prefork.it.support.Signals;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;

/** Signals to many processes at once while short requests come, each by its own connection. */
@Rule("F4")
class UnderLoadIT {
    @RegisterExtension private final Programs programs = new Programs();
    @TempDir private Path folder;

    private Program served(String workers, String policy) {
        return programs.start(
                Running.served(folder.resolve("broken"), "-w", workers, "--policy", policy));
    }

    @ParameterizedTest
    @Sampled({1, 4})
    @CsvSource({"1, rr", "1, none", "2, rr", "2, none"})
    void givenLoad_whenAllWorkersAreKilled_thenNoConnectionIsRefused(String workers, String policy)
            throws Exception {
        Program prefork = served(workers, policy);
        Running before = Running.await(prefork, 1);
        try (ShortRequests requests = ShortRequests.to(before)) {
            requests.awaitAnswers(100);

            before.pids().forEach(pid -> Signals.send("KILL", pid));
            Running.await(prefork, 2);
            requests.awaitAnswers(100);

            assertThat(requests.refused()).isZero();
        }
    }

    /** SPEC F5, F6: to the workers alone as well it means that they leave. */
    @Rule({"F5", "F6"})
    @ParameterizedTest
    @Sampled(1)
    @CsvSource({"rr", "none"})
    void givenLoad_whenEverybodyGetsHup_thenTheWorkersAreNewAndNoRequestFails(String policy)
            throws Exception {
        Program prefork = served("2", policy);
        Running before = Running.await(prefork, 1);
        try (ShortRequests requests = ShortRequests.to(before)) {
            requests.awaitAnswers(100);

            Signals.sendAll("HUP", prefork.pid(), before.pids());
            prefork.awaitLine("prefork: reloaded 2 workers");
            before.pids().forEach(Signals::awaitGone);
            requests.awaitAnswers(100);

            assertThat(requests.failures()).isEmpty();
        }
        assertThat(before.pids()).doesNotContain(before.ask());
    }
}
