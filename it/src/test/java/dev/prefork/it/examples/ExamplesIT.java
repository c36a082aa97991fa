package dev.prefork.it.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.examples.Examples;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.InetAddress;
import java.net.ServerSocket;

/** The command {@code ./prefork example}, and the examples that serve nothing. */
class ExamplesIT {
    @RegisterExtension final Programs programs = new Programs();

    @Test
    void withoutANameAllExamplesAreListed() {
        Program list = programs.java(Examples.class);

        assertThat(list.awaitEnd()).isZero();
        assertThat(list.lines())
                .hasSize(12)
                .allMatch(line -> line.matches("[a-z-]+ +[A-Z'i].*"))
                .anyMatch(line -> line.startsWith("server "))
                .anyMatch(line -> line.startsWith("message-counter "));
    }

    @Test
    void anUnknownNameIsAnsweredWithThoseThatExist() {
        Program unknown = programs.java(Examples.class, "serer");

        assertThat(unknown.awaitEnd()).isOne();
        assertThat(unknown.lines())
                .singleElement()
                .asString()
                .startsWith("prefork: there is no example named \"serer\"")
                .contains("server, message-counter");
    }

    @Rule("E1")
    @Test
    void aTakenPortIsOneSentence() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("0.0.0.0"))) {
            Program server = programs.java(Examples.class, "server", taken.getLocalPort());

            assertThat(server.awaitEnd()).isOne();
            assertThat(server.lines())
                    .filteredOn(line -> line.startsWith("prefork: "))
                    .singleElement()
                    .asString()
                    .contains("cannot listen on its port: Address already in use");
        }
    }

    @Rule("A17")
    @ParameterizedTest
    @CsvSource({
        "0,       worker success!",
        "3,       worker exited with error code: 3",
        "SIGKILL, worker was killed by signal: SIGKILL",
        "SIGTERM, worker was killed by signal: SIGTERM",
    })
    void exitCodes(String end, String line) {
        ends(programs.java(Examples.class, "exit-codes", end), line);
    }

    @Rule({"A20", "A23"})
    @Test
    void exitedAfterDisconnect() {
        ends(
                programs.java(Examples.class, "exited-after-disconnect"),
                "Oh, it was just voluntary - no need to worry");
    }

    @Rule({"A3", "A25"})
    @Test
    void echo() {
        ends(programs.java(Examples.class, "echo"), "echo: hi there");
    }

    @Rule({"A30", "B2"})
    @Test
    void disconnects() {
        Program example = programs.java(Examples.class, "disconnects");

        assertThat(example.awaitEnd()).isZero();
        assertThat(example.lines())
                .containsExactlyInAnyOrder(
                        "The worker #1 has disconnected",
                        "The worker #2 has disconnected",
                        "all have disconnected")
                .endsWith("all have disconnected");
    }

    private static void ends(Program example, String line) {
        assertThat(example.awaitEnd()).isZero();
        assertThat(example.lines()).containsExactly(line);
    }
}
