package dev.prefork.it.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;
import dev.prefork.it.support.Sampled;
import dev.prefork.it.support.Signals;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

/**
 * The end while connections come without a pause: who is connected is answered, who comes later is
 * refused.
 */
@Rule("F5")
class StopUnderLoadIT {
    private static final int ENOUGH = 100;

    @RegisterExtension private final Programs programs = new Programs();

    private Running served(Class<?> server, String workers, String policy) {
        // One of them takes it as the file that would break it.
        List<String> arguments = List.of("/nonexistent");
        Program prefork =
                programs.start(
                        Running.program(server, arguments, "-w", workers, "--policy", policy));
        return Running.await(prefork, 1);
    }

    @ParameterizedTest
    @Sampled({1, 4})
    @CsvSource({"1, rr", "1, none", "2, rr", "2, none"})
    void givenLoad_whenStopped_thenWhoIsConnectedIsAnswered(String workers, String policy)
            throws Exception {
        assertNobodyIsLost(served(Served.class, workers, policy));
    }

    @ParameterizedTest
    @Sampled(1)
    @CsvSource({"1, rr", "2, none"})
    void givenLoadOnAServerWithOneThread_whenStopped_thenWhoIsConnectedIsAnswered(
            String workers, String policy) throws Exception {
        assertNobodyIsLost(served(SelectorServed.class, workers, policy));
    }

    private static void assertNobodyIsLost(Running running) throws InterruptedException {
        UntilRefused asking = UntilRefused.ask(running.port());
        asking.awaitAnswers(ENOUGH);

        running.program().signal("TERM");

        assertThat(asking.awaitRefused()).isEmpty();
        assertThat(running.program().awaitEnd()).isZero();
    }

    /** As systemd does it to all processes of a service, and Ctrl-C to a terminal's. */
    @ParameterizedTest
    @Sampled({1, 4, 5})
    @CsvSource({
        "TERM, 1, rr, 0",
        "TERM, 1, none, 0",
        "TERM, 2, rr, 0",
        "TERM, 2, none, 0",
        "INT, 2, rr, 130"
    })
    void givenLoad_whenEverybodyGetsASignal_thenWhoIsConnectedIsAnswered(
            String signal, String workers, String policy, int code) throws Exception {
        Running running = served(Served.class, workers, policy);
        UntilRefused asking = UntilRefused.ask(running.port());
        asking.awaitAnswers(ENOUGH);

        Signals.sendAll(signal, running.program().pid(), running.pids());

        assertThat(asking.awaitRefused()).isEmpty();
        assertThat(running.program().awaitEnd()).isEqualTo(code);
    }

    /** Their successors go on, and nobody is refused before the end. */
    @ParameterizedTest
    @Sampled(1)
    @ValueSource(strings = {"rr", "none"})
    void givenLoad_whenAllWorkersGetTermAndThenPrefork_thenWhoIsConnectedIsAnswered(String policy)
            throws Exception {
        Running running = served(Served.class, "2", policy);
        UntilRefused asking = UntilRefused.ask(running.port());
        asking.awaitAnswers(ENOUGH);

        running.pids().forEach(pid -> Signals.send("TERM", pid));
        Running.await(running.program(), 2);
        asking.awaitAnswers(2 * ENOUGH);
        running.program().signal("TERM");

        assertThat(asking.awaitRefused()).isEmpty();
        assertThat(running.program().awaitEnd()).isZero();
    }
}
