package dev.prefork.it.node;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.prefork.Cluster;
import dev.prefork.ClusterSettings;
import dev.prefork.Worker;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;
import dev.prefork.json.Json;
import dev.prefork.launch.WorkerJvm;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Questions between Java and a real Node, which knows of them what docs/messages.md says. */
@Rule("C7")
class AskIT {
    @RegisterExtension final Programs programs = new Programs();

    record Root(double n) {}

    /** The Java end: is asked once, and asks what has an answer and what has none. */
    static final class JavaEnd {
        /** Arguments: the worker, if this is the primary. */
        public static void main(String[] args) {
            if (Cluster.isPrimary()) {
                Cluster.setupPrimary(
                        ClusterSettings.builder().execPath(args[0]).exec(args[1]).build());
                converse(Cluster.fork());
            } else {
                converse(Cluster.worker());
            }
        }

        private static void converse(Worker other) {
            CompletableFuture<Void> asked = new CompletableFuture<>();
            other.onAsk(
                    Root.class,
                    root -> {
                        asked.complete(null);
                        return new Root(Math.sqrt(root.n()));
                    });
            CompletableFuture<Void> answered =
                    other.ask(new Root(81), Root.class, Duration.ofSeconds(30))
                            .thenAccept(root -> System.out.println("java heard " + root));
            CompletableFuture<Void> refused =
                    other.ask(new Root(-1), Root.class, Duration.ofSeconds(30))
                            .handle(
                                    (_, refusal) -> {
                                        System.out.println("java heard " + refusal.getCause());
                                        return null;
                                    });
            var _ = CompletableFuture.allOf(asked, answered, refused).thenRun(other::disconnect);
        }
    }

    @ParameterizedTest
    @EnumSource
    void givenAJavaPrimary_whenItAndANodeWorkerAskEachOther_thenBothAreAnswered(
            NodeVersion version) {
        Program primary =
                programs.java(JavaEnd.class, version.executable(), Scripts.path("ask.js"));

        assertThat(primary.awaitEnd()).isZero();

        assertBothHeard(primary);
    }

    @ParameterizedTest
    @EnumSource
    void givenANodePrimary_whenItAndAJavaWorkerAskEachOther_thenBothAreAnswered(
            NodeVersion version) {
        List<String> options = new ArrayList<>(WorkerJvm.options());
        options.addAll(List.of("-Xmx128m", "-cp", System.getProperty("java.class.path")));
        Map<String, Object> worker =
                Map.of(
                        "execPath",
                        Command.javaExecutable(),
                        "execArgv",
                        options,
                        "exec",
                        WorkerJvm.MAIN_CLASS,
                        "args",
                        List.of(JavaEnd.class.getName()));
        String json = new String(Json.writeLine(worker), UTF_8).strip();

        Program primary =
                programs.start(Command.of(version.executable(), Scripts.path("ask.js"), json));

        assertThat(primary.awaitEnd()).isZero();
        assertBothHeard(primary);
    }

    private static void assertBothHeard(Program primary) {
        assertThat(primary.lines())
                .contains(
                        "java heard Root[n=9.0]",
                        "java heard dev.prefork.RefusedException: no negative numbers",
                        "node heard {\"$reply\":\"node-1\",\"value\":{\"n\":4}}");
    }
}
