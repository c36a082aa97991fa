package dev.prefork.it.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.it.support.Client;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;
import dev.prefork.it.support.Signals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** All of the end fits the one time of {@code --stop-timeout}, whatever workers do. */
@Rule("F5")
class StopTimeIT {
    private static final Duration TOTAL = Duration.ofSeconds(3);

    /** That the last word and the exit may take, on a busy machine. */
    private static final Duration AFTERWARDS = Duration.ofSeconds(3);

    @RegisterExtension private final Programs programs = new Programs();

    private Running start(Object... options) {
        Command command = Running.program(Stubborn.class, List.of(), options);
        return Running.await(programs.start(command), 1);
    }

    private static void assertEndsInTime(Program prefork) {
        long asked = System.nanoTime();
        prefork.signal("TERM");

        assertThat(prefork.awaitEnd()).isZero();

        assertThat(Duration.ofNanos(System.nanoTime() - asked))
                .isBetween(TOTAL, TOTAL.plus(AFTERWARDS));
        assertThat(prefork.lines())
                .anyMatch(line -> line.matches("prefork: .* does not end within 3 s: SIGKILL"));
    }

    /** Connections have two thirds of it, the hooks the rest. */
    @ParameterizedTest
    @ValueSource(strings = {"rr", "none"})
    void givenAConnectionAndHooksThatDoNotEnd_whenStopped_thenBothFitTheTotal(String policy)
            throws IOException {
        Running running = start("-w", "2", "--policy", policy, "--stop-timeout", "3");
        try (Client _ = running.begin()) {
            assertEndsInTime(running.program());
        }

        running.program().awaitLine("prefork: .* still has connections after 2 s: SIGTERM");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rr", "none"})
    void givenAWorkerThatIsStopped_whenStopped_thenTheTotalIsKept(String policy) {
        Running running = start("-w", "2", "--policy", policy, "--stop-timeout", "3");
        Signals.stop(running.pids().getFirst());

        assertEndsInTime(running.program());
    }

    @Test
    void givenTheOnlyWorkerIsStoppedAndAConnectionWaitsForIt_whenStopped_thenTheTotalIsKept()
            throws IOException {
        Running running = start("-w", "1", "--stop-timeout", "3");
        Signals.stop(running.pids().getFirst());
        try (Client _ = running.begin()) {
            assertEndsInTime(running.program());
        }
    }

    @Test
    void givenAReloadUnderWay_whenStopped_thenTheTotalIsKept() {
        Running running = start("-w", "1", "--ready-after", "600", "--stop-timeout", "3");
        running.program().signal("HUP");
        running.program().awaitLine("prefork: reloading 1 worker");

        assertEndsInTime(running.program());
    }

    @Test
    void givenADrainThatIsLongerThanTheWhole_whenStarted_thenItSaysSo() {
        Program prefork =
                programs.start(
                        Running.program(
                                Stubborn.class,
                                List.of(),
                                "--drain-timeout",
                                "5",
                                "--stop-timeout",
                                "4"));

        assertThat(prefork.awaitEnd()).isEqualTo(2);
        assertThat(prefork.lines().getFirst())
                .contains("--drain-timeout 5 is longer than --stop-timeout 4");
    }
}
