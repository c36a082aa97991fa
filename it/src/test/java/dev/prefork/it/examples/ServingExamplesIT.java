package dev.prefork.it.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.prefork.examples.Examples;
import dev.prefork.it.support.Client;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;
import dev.prefork.it.support.Signals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The examples that serve: the document's programs, on a free port. */
class ServingExamplesIT {
    @RegisterExtension final Programs programs = new Programs();

    /** On a machine of two processors, whatever this one has. */
    private Program example(String name) {
        Command command = Command.java(Examples.class, name, 0);
        List<String> words = new ArrayList<>(command.words());
        words.add(1, "-XX:ActiveProcessorCount=2");
        return programs.start(new Command(words, command.environment()));
    }

    private static int port(Program example) {
        return example.awaitNumber("Listening on port");
    }

    @Rule({"A1", "A2", "A4", "A31"})
    @Test
    void server() throws IOException {
        Program example = example("server");
        int port = port(example);
        example.awaitLine("Primary " + example.pid() + " is running");
        List<Integer> pids =
                example.awaitLines("Worker \\d+ started", 2).stream()
                        .map(line -> Integer.valueOf(line.split(" ", -1)[1]))
                        .toList();

        assertThat(Client.get(port, "/")).isEqualTo("hello world\n");

        Signals.send("KILL", pids.getFirst());
        example.awaitLine("worker " + pids.getFirst() + " died");
        assertThat(Client.get(port, "/")).isEqualTo("hello world\n");
    }

    @Rule({"A3", "A15", "A25"})
    @Test
    void messageCounter() throws IOException {
        Program example = example("message-counter");
        int port = port(example);
        example.awaitLine("numReqs = 0");

        for (int i = 0; i < 3; i++) {
            assertThat(Client.get(port, "/")).isEqualTo("hello world\n");
        }

        example.awaitLine("numReqs = 3");
    }

    @Rule({"A22", "A26", "A31"})
    @Test
    void isDead() throws IOException {
        Program example = example("is-dead");
        int port = port(example);
        assertThat(example.awaitLines("worker is dead: ", 2)).containsOnly("worker is dead: false");

        assertThat(Client.get(port, "/")).matches("Current process\n \\d+");

        example.awaitLine("worker is dead: true");
    }

    @Rule({"A2", "A31"})
    @Test
    void restartOnExit() throws IOException {
        Program example = example("restart-on-exit");
        int port = port(example);
        String pid = example.awaitLines("Worker \\d+ started", 2).getFirst().split(" ", -1)[1];

        Signals.send("KILL", Integer.parseInt(pid));

        example.awaitLine("worker " + pid + " died \\(signal SIGKILL\\)\\. restarting\\.\\.\\.");
        example.awaitLines("Worker \\d+ started", 3);
        assertThat(Client.get(port, "/")).isEqualTo("hello world\n");
    }

    @Rule({"A15", "A16", "A19"})
    @Test
    void gracefulShutdownOfAClientThatLeaves() throws IOException {
        Program example = example("graceful-shutdown");
        try (Client client = Client.connect(port(example))) {
            client.send("hello");
            example.awaitLine("worker was told: shutdown");
        }

        example.awaitLine("worker ended: code 0");
        assertThat(example.awaitEnd()).isZero();
    }

    @Rule({"A19", "A23", "D8"})
    @Test
    void gracefulShutdownOfAClientThatStays() throws IOException {
        Program example = example("graceful-shutdown");
        try (Client client = Client.connect(port(example))) {
            client.send("hello");

            example.awaitLine("worker ended: signal SIGTERM");
            assertThat(client.readToEnd()).isEmpty();
        }
        assertThat(example.awaitEnd()).isZero();
    }

    @Rule({"A14", "A28", "A33"})
    @Test
    void listeningAddresses() {
        Program example = example("listening-addresses");

        int port = port(example);

        example.awaitLine("A worker is now connected to \\*:" + port);
        example.awaitLine("A worker is now connected to 127\\.0\\.0\\.1:\\d+");
    }

    @Rule({"A13", "A14", "A16"})
    @Test
    void workerEvents() {
        Program example = example("worker-events");

        assertThat(example.awaitEnd()).isZero();
        assertThat(example.lines())
                .containsSubsequence(
                        "Worker is online", "Worker is listening", "Worker has disconnected");
    }

    @Rule({"A26", "A28", "A31"})
    @Test
    void forkTimeoutsOfAWorkerThatEnds() {
        Program example = example("fork-timeouts");
        port(example);

        Signals.send("KILL", workerOf(example));

        example.awaitLine("Something must be wrong with the connection \\.\\.\\.");
        assertThat(example.awaitEnd()).isZero();
    }

    @Rule("A26")
    @Test
    void forkTimeoutsOfAWorkerThatDoesNotListen() {
        Program example = example("fork-timeouts");
        int worker = workerOf(example);

        // Long before its JVM can have started.
        Signals.stop(worker);

        example.awaitLine("Something must be wrong with the connection \\.\\.\\.");
        assertThat(example.values("Listening on port")).isEmpty();
        Signals.resume(worker);
        port(example);
    }

    private static int workerOf(Program example) {
        ProcessHandle primary = ProcessHandle.of(example.pid()).orElseThrow();
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> primary.children().findAny().isPresent());
        return Math.toIntExact(primary.children().findAny().orElseThrow().pid());
    }
}
