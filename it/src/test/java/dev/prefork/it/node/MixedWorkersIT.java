package dev.prefork.it.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.it.support.Client;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;
import dev.prefork.it.support.Sampled;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;

/** Java and Node workers that serve one port together, whoever is their primary. */
@Rule({"A1", "A8", "C2", "D6"})
class MixedWorkersIT {
    @RegisterExtension final Programs programs = new Programs();

    private Program javaPrimary(NodeVersion version, String policy) {
        return mixed(programs.start(Scripts.javaPrimary(version, policy, "{\"port\":0}")));
    }

    private Program nodePrimary(NodeVersion version, String policy) {
        return mixed(programs.start(Scripts.nodePrimary(version, policy)));
    }

    /** Worker 1 is Java, worker 2 is Node. */
    private static Program mixed(Program primary) {
        primary.tell("fork java");
        int port = primary.awaitNumber("port 1");
        primary.tell("fork node");
        assertThat(primary.awaitNumber("port 2")).isEqualTo(port);
        return primary;
    }

    @Rule("A4")
    @ParameterizedTest
    @Sampled(1)
    @EnumSource
    void givenRoundRobinUnderAJavaPrimary_whenClientsCome_thenJavaAndNodeServeInTurn(
            NodeVersion version) throws IOException {
        assertTurns(javaPrimary(version, "rr"));
    }

    @Rule("A4")
    @ParameterizedTest
    @Sampled(2)
    @EnumSource
    void givenRoundRobinUnderANodePrimary_whenClientsCome_thenJavaAndNodeServeInTurn(
            NodeVersion version) throws IOException {
        assertTurns(nodePrimary(version, "rr"));
    }

    private static void assertTurns(Program primary) throws IOException {
        int port = primary.awaitNumber("port 1");
        for (int i = 0; i < 4; i++) {
            assertThat(Client.get(port, "/")).isEqualTo("java 1 /");
            assertThat(Client.get(port, "/")).isEqualTo("node 2 /");
        }
    }

    @Rule({"A2", "A5"})
    @ParameterizedTest
    @Sampled(2)
    @EnumSource
    void givenNoneUnderAJavaPrimary_whenTheJavaWorkerLeaves_thenTheNodeWorkerServesAlone(
            NodeVersion version) throws IOException {
        assertEitherThenOnly(javaPrimary(version, "none"), 1, "node 2 /");
    }

    @Rule({"A2", "A5"})
    @ParameterizedTest
    @Sampled(1)
    @EnumSource
    void givenNoneUnderAJavaPrimary_whenTheNodeWorkerLeaves_thenTheJavaWorkerServesAlone(
            NodeVersion version) throws IOException {
        assertEitherThenOnly(javaPrimary(version, "none"), 2, "java 1 /");
    }

    @Rule({"A2", "A5"})
    @ParameterizedTest
    @Sampled(1)
    @EnumSource
    void givenNoneUnderANodePrimary_whenTheJavaWorkerLeaves_thenTheNodeWorkerServesAlone(
            NodeVersion version) throws IOException {
        assertEitherThenOnly(nodePrimary(version, "none"), 1, "node 2 /");
    }

    @Rule({"A2", "A5"})
    @ParameterizedTest
    @Sampled(2)
    @EnumSource
    void givenNoneUnderANodePrimary_whenTheNodeWorkerLeaves_thenTheJavaWorkerServesAlone(
            NodeVersion version) throws IOException {
        assertEitherThenOnly(nodePrimary(version, "none"), 2, "java 1 /");
    }

    private static void assertEitherThenOnly(Program primary, int leaving, String stays)
            throws IOException {
        int port = primary.awaitNumber("port 1");
        for (int i = 0; i < 10; i++) {
            assertThat(Client.get(port, "/")).isIn("java 1 /", "node 2 /");
        }

        primary.tell("disconnect " + leaving);
        primary.awaitLine("exit " + leaving + " .*true");

        for (int i = 0; i < 4; i++) {
            assertThat(Client.get(port, "/")).isEqualTo(stays);
        }
    }
}
