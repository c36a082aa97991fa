package dev.prefork.it.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.it.support.Client;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;
import dev.prefork.it.support.Signals;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Workers whose process is a shell that runs Node: the two end in any order. */
@Rule({"D2", "D6"})
class WrapperScriptIT {
    @RegisterExtension final Programs programs = new Programs();
    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"shell", "node"})
    void givenAConnectionUnderWay_whenShellAndNodeAreKilled_thenAnotherWorkerServesIt(String first)
            throws IOException {
        Path script = Files.writeString(folder.resolve("wrap.sh"), "\"$@\"\nexit $?\n");
        Program primary =
                programs.start(
                        Command.java(
                                JavaPrimary.class,
                                "/bin/sh",
                                script,
                                NodeVersion.CURRENT.executable(),
                                Scripts.path("worker.js"),
                                "{\"port\":0}"));
        primary.tell("fork node");
        int port = primary.awaitNumber("port 1");
        primary.tell("fork node");
        primary.awaitNumber("port 2");
        int shell = primary.awaitNumber("pid 1");
        int node = onlyChild(shell);
        Signals.stop(node);
        try (Client held = Client.connect(port)) {
            held.send("GET /held HTTP/1.0\r\n\r\n");
            assertThat(Client.get(port, "/")).isEqualTo("node 2 /");

            Signals.send("KILL", first.equals("shell") ? shell : node);
            if (first.equals("shell")) {
                primary.awaitLine("exit 1");
            } else {
                primary.awaitLine("disconnect 1");
            }
            if (Signals.isRunning(first.equals("shell") ? node : shell)) {
                Signals.send("KILL", first.equals("shell") ? node : shell);
            }

            assertThat(held.readToEnd()).endsWith("node 2 /held");
        }
        assertThat(primary.awaitLines("exit 1", 1)).hasSize(1);
        primary.awaitLine("disconnect 1");
    }

    private static int onlyChild(int pid) {
        return Math.toIntExact(
                ProcessHandle.of(pid).orElseThrow().children().findFirst().orElseThrow().pid());
    }
}
