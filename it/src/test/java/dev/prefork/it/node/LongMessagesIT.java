package dev.prefork.it.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.Cluster;
import dev.prefork.ClusterSettings;
import dev.prefork.Message;
import dev.prefork.Worker;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.Map;

/** Messages that are longer than ours may be, and that Node's may. */
@Rule({"C7", "C8", "F12"})
class LongMessagesIT {
    private static final int CHARACTERS = 70_000_000;

    @RegisterExtension final Programs programs = new Programs();

    /** Argument: node's executable. */
    static final class Primary {
        public static void main(String[] args) {
            Cluster.setupPrimary(
                    ClusterSettings.builder()
                            .execPath(args[0])
                            .execArgv()
                            .exec(Scripts.path("long.js"))
                            .build());
            Cluster.onExit((worker, exit) -> Lines.say("exit", exit));
            Cluster.onMessage(Primary::received);
            Cluster.fork();
        }

        private static void received(Worker worker, Message message) {
            Map<?, ?> fields = (Map<?, ?>) message.value();
            if (fields.get("text") instanceof String text) {
                Lines.say("length", text.length());
                try {
                    worker.send(text);
                } catch (IllegalArgumentException refused) {
                    Lines.say("refused", refused.getMessage());
                }
                worker.send("still there");
            } else {
                Lines.say("echo", fields.get("echo"));
                worker.disconnect();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void given70Megabytes_whenNodeSendsThem_thenTheyArriveAndOursAreRefusedWithTheChannelOpen(
            NodeVersion version) {
        Command command = Command.java(Primary.class, version.executable());
        Command roomy =
                new Command(
                        command.words().stream()
                                .map(word -> word.equals("-Xmx128m") ? "-Xmx1g" : word)
                                .toList(),
                        command.environment());

        Program primary = programs.start(roomy);

        assertThat(primary.awaitNumber("length")).isEqualTo(CHARACTERS);
        assertThat(primary.awaitValue("refused")).endsWith("it takes more than 67108864 bytes");
        assertThat(primary.awaitValue("echo")).isEqualTo("still there");
        assertThat(primary.awaitEnd()).isZero();
        assertThat(primary.lines()).contains("exit code 0");
    }
}
