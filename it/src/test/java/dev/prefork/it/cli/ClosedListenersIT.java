package dev.prefork.it.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.it.support.Command;
import dev.prefork.it.support.Ports;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;
import dev.prefork.it.support.Sampled;
import dev.prefork.it.support.Signals;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a program has opened and closed again is no condition of a reload; what is open, is. */
@Rule({"F6", "F13"})
class ClosedListenersIT {
    @RegisterExtension private final Programs programs = new Programs();
    @TempDir private Path folder;

    private int port;

    @BeforeEach
    void findPorts() throws IOException {
        port = Ports.row(Temporary.PORTS);
    }

    private Program start(String policy, int listenTimeout) {
        return programs.start(
                Command.prefork(
                        "run",
                        "-w",
                        2,
                        "--policy",
                        policy,
                        "--listen-timeout",
                        listenTimeout,
                        "--ready-after",
                        0.3,
                        "-cp",
                        Running.classes(),
                        Temporary.class.getName(),
                        port,
                        folder));
    }

    @ParameterizedTest
    @Sampled(1)
    @ValueSource(strings = {"rr", "none"})
    void givenListenersOfEveryKindOpenedAndClosed_whenReloadedTwice_thenNoRequestFails(
            String policy) throws Exception {
        Program prefork = start(policy, 15);
        prefork.awaitLines("\\d \\| complete", 2);
        Running running = running(prefork);
        try (ShortRequests requests = ShortRequests.to(running)) {
            requests.awaitAnswers(50);
            for (int reloads = 1; reloads <= 2; reloads++) {
                prefork.signal("HUP");
                prefork.awaitLines("prefork: reloaded 2 workers", reloads);
                requests.awaitAnswers(50);
            }
            assertThat(requests.failures()).isEmpty();
        }
        running.pids().forEach(Signals::awaitGone);
        assertThat(running.pids()).doesNotContain(running.ask());
    }

    @ParameterizedTest
    @Sampled(2)
    @ValueSource(strings = {"rr", "none"})
    void givenAVersionThatOpensOnePortFewer_whenReloaded_thenItFailsByThatPortAndTheOldServesOn(
            String policy) throws Exception {
        Program prefork = start(policy, 6);
        prefork.awaitLines("\\d \\| complete", 2);
        Running running = running(prefork);
        Files.createFile(folder.resolve("one"));
        try (ShortRequests requests = ShortRequests.to(running)) {
            prefork.signal("HUP");

            assertThat(prefork.awaitLine("prefork: reload(ed| failed).*"))
                    .contains("failed", "does not listen on 127.0.0.1:" + (port + 1) + " within");
            int newcomer =
                    Running.numbers(
                                    prefork.awaitLine("prefork: reload failed.*")
                                            .replaceAll(".*\\(pid (\\d+)\\).*", "$1"))
                            .getFirst();
            Signals.awaitGone(newcomer);
            requests.awaitAnswers(50);
            // It has served on the other port.
            assertThat(requests.failures()).isEmpty();
        }
        assertThat(running.pids()).contains(running.ask());
    }

    /** It says so anew while its ports come and go; the last line but names its pids. */
    private Running running(Program prefork) {
        String line =
                prefork.awaitLine("prefork: serving .*127\\.0\\.0\\.1:" + port + ".* with 2 .*");
        return new Running(prefork, port, Running.numbers(line.replaceAll(".*pids ", "")));
    }
}
