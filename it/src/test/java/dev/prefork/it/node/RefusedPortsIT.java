package dev.prefork.it.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.Cluster;
import dev.prefork.ClusterSettings;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ports that the application keeps for each worker by itself, asked for by who knows no rules. */
@Rule("E1")
class RefusedPortsIT {
    @RegisterExtension final Programs programs = new Programs();

    /** A Node worker that listens on a port of its own, by rule, and on one that is shared. */
    static final class Primary {
        public static void main(String[] args) {
            Cluster.onMessage(
                    (worker, message) -> Lines.say("message", Lines.json(message.value())));
            Cluster.onListening((worker, address) -> Lines.say("port", address.port()));
            Cluster.setupPrimary(
                    ClusterSettings.builder()
                            .execPath("node")
                            .execArgv()
                            .exec(Scripts.path("worker.js"))
                            .args("{\"port\":9,\"host\":\"127.0.0.1\"}", "{\"port\":0}")
                            .ports(args[0])
                            .build());
            Cluster.fork();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"9=private", "9=offset", "loopback:1-99=private"})
    void givenARule_whenANodeWorkerListensOnThePort_thenThePrimaryRefusesThatAndNoOther(
            String rules) {
        Program primary = programs.start(Command.java(Primary.class, rules));

        assertThat(primary.awaitValue("message")).contains("\"code\":\"EACCES\"", "\"port\":9");
        assertThat(primary.awaitNumber("port")).isGreaterThan(99);
    }
}
