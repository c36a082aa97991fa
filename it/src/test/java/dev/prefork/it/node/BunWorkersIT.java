package dev.prefork.it.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.it.support.Client;
import dev.prefork.it.support.Ports;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A real Bun, with its own cluster module, as a worker under our primary: it marks what is between
 * the runtimes, and understands nothing that is not marked.
 */
@Rule({"C1", "C2", "D6"})
@EnabledIfSystemProperty(
        named = "prefork.cases.all",
        matches = "true",
        disabledReason = "a download; run by -Pcases")
class BunWorkersIT {
    @RegisterExtension final Programs programs = new Programs();
    @TempDir Path folder;

    private Program primary(String policy, String script, String... listens) throws IOException {
        return programs.start(OtherRuntime.BUN.javaPrimary(folder, policy, script, listens));
    }

    @Rule({"A13", "A15", "A17", "A25", "C7"})
    @Test
    void givenAWorkerOfBun_whenMessagesAreSent_thenTheyComeBackAndItsExitIsKnown()
            throws IOException {
        Program primary = primary("rr", "worker.js");
        primary.tell("fork node");
        primary.awaitLine("online 1");

        primary.tell("send 1 {\"a\":[1,\"zażółć 漢字 😀\"],\"b\":null}");
        assertThat(primary.awaitValue("message 1"))
                .isEqualTo("{\"a\":[1,\"zażółć 漢字 😀\"],\"b\":null}");

        primary.tell("send 1 {\"order\":\"exit\",\"code\":5}");
        assertThat(primary.awaitValue("exit 1")).isEqualTo("code 5 false");
    }

    @Rule({"A1", "A4", "A5", "A8", "A14", "A19", "A20", "C3"})
    @ParameterizedTest
    @ValueSource(strings = {"rr", "none"})
    void givenAJavaWorkerAndTwoOfBun_whenTheyListen_thenTheyShareThePortUntilOneLeaves(
            String policy) throws IOException {
        Program primary = primary(policy, "net.js", "{\"port\":0}");
        primary.tell("fork java");
        int port = primary.awaitNumber("port 1");
        primary.tell("fork node");
        assertThat(primary.awaitNumber("port 2")).isEqualTo(port);
        primary.tell("fork node");
        assertThat(primary.awaitNumber("port 3")).isEqualTo(port);
        primary.tell("disconnect 1");
        primary.awaitLine("exit 1 code 0 true");

        for (int i = 0; i < 4; i++) {
            assertThat(Client.read(port))
                    .matches(policy.equals("rr") ? "node " + (i % 2 + 2) + "\n" : "node [23]\n");
        }

        primary.tell("disconnect 2");
        primary.awaitLine("exit 2 code 0 true");
        for (int i = 0; i < 4; i++) {
            assertThat(Client.read(port)).isEqualTo("node 3\n");
        }
    }

    /**
     * It does not ask for the port of an HTTP server, opens it with SO_REUSEPORT, and serves on
     * when it is disconnected, under its own primary too (1.4.4).
     */
    @Rule({"A2", "A14", "A16"})
    @Test
    void givenTwoWorkersOfBunWithHttp_whenTheyListenOnAPort_thenTheyShareItByThemselves()
            throws IOException {
        int port = Ports.row(1);
        Program primary =
                primary("rr", "worker.js", "{\"port\":" + port + ",\"host\":\"127.0.0.1\"}");
        primary.tell("fork node");
        assertThat(primary.awaitNumber("port 1")).isEqualTo(port);
        primary.tell("fork node");
        assertThat(primary.awaitNumber("port 2")).isEqualTo(port);
        for (int i = 0; i < 4; i++) {
            assertThat(Client.get(port, "/")).matches("node [12] /");
        }

        primary.tell("disconnect 1");
        primary.awaitLine("disconnect 1 true");
        primary.tell("signal 1 SIGKILL");
        primary.awaitLine("exit 1 signal SIGKILL true");
        for (int i = 0; i < 4; i++) {
            assertThat(Client.get(port, "/")).isEqualTo("node 2 /");
        }
    }

    /** Before it has said anything, nobody knows that it is a Bun. */
    @Rule({"A19", "A20"})
    @Test
    void givenAWorkerOfBunThatIsNotOnline_whenItIsDisconnected_thenItLeavesAsSoonAsItIs()
            throws IOException {
        Program primary = primary("rr", "worker.js");

        primary.tell("fork node");
        primary.tell("disconnect 1");

        primary.awaitLine("exit 1 code 0 true");
    }
}
