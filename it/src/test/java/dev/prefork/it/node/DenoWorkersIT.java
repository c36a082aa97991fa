package dev.prefork.it.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.it.support.Client;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;

/** A real Deno, with its own cluster module, as a worker under our primary. */
@Rule({"C1", "C2", "D6"})
@EnabledIfSystemProperty(
        named = "prefork.cases.all",
        matches = "true",
        disabledReason = "a download; run by -Pcases")
class DenoWorkersIT {
    private static final String ANY_PORT = "{\"port\":0}";

    @RegisterExtension final Programs programs = new Programs();
    @TempDir Path folder;

    private Program primary(String... listens) throws IOException {
        return programs.start(OtherRuntime.DENO.javaPrimary(folder, "rr", "worker.js", listens));
    }

    /** With the policy "none" a Deno 2.9.6 answers nobody, under Node's primary neither. */
    @Rule({"A1", "A4", "A8", "A13", "A14", "A19", "A20", "C3"})
    @Test
    void givenTwoWorkersOfDeno_whenTheyListen_thenTheyShareThePortUntilOneLeaves()
            throws IOException {
        Program primary = primary(ANY_PORT);

        primary.tell("fork node");
        int port = primary.awaitNumber("port 1");
        primary.tell("fork node");
        assertThat(primary.awaitNumber("port 2")).isEqualTo(port);

        assertThat(primary.lines()).containsSubsequence("online 1", "port 1 " + port);
        for (int i = 0; i < 4; i++) {
            assertThat(Client.get(port, "/")).isEqualTo("node " + (i % 2 + 1) + " /");
        }

        primary.tell("disconnect 1");
        primary.awaitLine("exit 1 code 0 true");
        for (int i = 0; i < 4; i++) {
            assertThat(Client.get(port, "/")).isEqualTo("node 2 /");
        }
    }

    @Rule({"A1", "A4", "D3"})
    @Test
    void givenAJavaWorkerAndOneOfDeno_whenClientsCome_thenTheyServeInTurn() throws IOException {
        Program primary = primary(ANY_PORT);
        primary.tell("fork java");
        int port = primary.awaitNumber("port 1");
        primary.tell("fork node");
        assertThat(primary.awaitNumber("port 2")).isEqualTo(port);

        for (int i = 0; i < 3; i++) {
            assertThat(Client.get(port, "/")).isEqualTo("java 1 /");
            assertThat(Client.get(port, "/")).isEqualTo("node 2 /");
        }
    }

    @Rule({"A15", "A17", "A25", "C5", "C7"})
    @Test
    void givenAWorkerOfDeno_whenMessagesAreSent_thenTheyComeBackAndItsExitIsKnown()
            throws IOException {
        Program primary = primary();
        primary.tell("fork node");
        primary.awaitLine("online 1");

        primary.tell("send 1 {\"a\":[1,\"zażółć 漢字 😀\"],\"b\":null}");
        assertThat(primary.awaitValue("message 1"))
                .isEqualTo("{\"a\":[1,\"zażółć 漢字 😀\"],\"b\":null}");
        primary.tell("big 1 20000");
        assertThat(primary.awaitValue("big 1")).isEqualTo("true");

        primary.tell("send 1 {\"order\":\"exit\",\"code\":5}");
        assertThat(primary.awaitValue("exit 1")).isEqualTo("code 5 false");
    }
}
