package dev.prefork.it.node;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.prefork.Cluster;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;
import dev.prefork.json.Json;
import dev.prefork.launch.WorkerJvm;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A primary that breaks the protocol: its worker says so and ends, and not as if all were well. */
@Rule({"C8", "A24"})
class BreachIT {
    @RegisterExtension final Programs programs = new Programs();

    /** One that hears of errors, so that they are not logged. */
    static final class Worker {
        public static void main(String[] args) {
            Cluster.worker().onError(problem -> Lines.say("heard"));
            Cluster.worker().send("listens");
        }
    }

    private static Command primary(NodeVersion version, String line) {
        List<String> options = new ArrayList<>(WorkerJvm.options());
        options.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        options.addAll(List.of("-cp", System.getProperty("java.class.path")));
        Map<String, Object> worker =
                Map.of(
                        "execPath",
                        Command.javaExecutable(),
                        "execArgv",
                        options,
                        "exec",
                        WorkerJvm.MAIN_CLASS,
                        "args",
                        List.of(Worker.class.getName()));
        return Command.of(
                version.executable(),
                Scripts.path("breach.js"),
                new String(Json.writeLine(worker), UTF_8).strip(),
                line);
    }

    /** EX_PROTOCOL; a worker of Node ends with 1, and the stack of an exception. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "V12_10  | this is no JSON                      | not JSON: ",
                "CURRENT | this is no JSON                      | not JSON: ",
                "CURRENT | {\"cmd\":\"NODE_CLUSTER\",\"act\":5} | NODE_CLUSTER has act=5",
                "CURRENT | {\"cmd\":\"NODE_HANDLE\"}            | NODE_HANDLE without a type"
            })
    void whenThePrimaryBreaksTheProtocol_thenItsWorkerSaysWhyAndItsCodeSaysThat(
            NodeVersion version, String line, String why) {
        Program primary = programs.start(primary(version, line));

        assertThat(primary.awaitEnd()).isZero();

        assertThat(primary.lines())
                .contains("exit 76 null false", "heard")
                .anyMatch(
                        said ->
                                said.startsWith(
                                        "prefork: worker 1: the primary broke the protocol: "
                                                + why));
    }
}
