package dev.prefork.it.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.it.support.Client;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;
import dev.prefork.it.support.Signals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What becomes of the connections of workers that leave. A drain takes longer than any wait. */
@Rule("F5")
class LeavingIT {
    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    private static final int IDLE = 50;

    @RegisterExtension private final Programs programs = new Programs();

    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"rr", "none"})
    void givenIdleClientsAndARequest_whenStopped_thenOnlyTheRequestIsWaitedFor(String policy)
            throws IOException {
        Program prefork =
                programs.start(served("-w", "2", "--policy", policy, "--drain-timeout", "600"));
        Running running = Running.await(prefork, 1);
        List<Client> idle = new ArrayList<>();
        for (int i = 0; i < IDLE; i++) {
            idle.add(askAndKeep(running));
        }
        Client waiting = keepWaiting(running);

        prefork.signal("TERM");

        for (Client client : idle) {
            try (client) {
                assertThat(client.readToEnd()).isEmpty();
            }
        }
        assertThat(prefork.isAlive()).isTrue();
        try (waiting) {
            assertThat(waiting.send("x").readToEnd())
                    .startsWith("HTTP/1.1 200 OK\r\nConnection: close\r\n");
        }
        assertThat(prefork.awaitEnd()).isZero();
        assertThat(prefork.lines()).noneMatch(line -> line.contains("still"));
    }

    /** As systemd does it to all processes of a service, and a terminal that is closed. */
    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void givenARequest_whenEverybodyGetsTheSignal_thenItIsAnswered(String signal)
            throws IOException {
        Program prefork = programs.start(served("-w", "2", "--drain-timeout", "600"));
        Running running = Running.await(prefork, 1);
        Client waiting = keepWaiting(running);

        running.pids().forEach(pid -> Signals.send(signal, pid));
        prefork.signal(signal);
        prefork.awaitLine("prefork: stopping .*");

        try (waiting) {
            assertThat(waiting.send("x").readToEnd()).startsWith("HTTP/1.1 200 OK\r\n");
        }
        assertThat(prefork.awaitEnd()).isEqualTo(signal.equals("INT") ? 130 : 0);
        assertThat(prefork.lines()).noneMatch(line -> line.contains("died"));
    }

    @Test
    void givenAClientThatAsksAgainAndAgain_whenReloaded_thenItIsToldWhichAnswerIsTheLast()
            throws Exception {
        Program prefork = programs.start(served("-w", "2", "--drain-timeout", "600"));
        Running before = Running.await(prefork, 1);
        KeptClient asking = KeptClient.start(before.port());
        asking.awaitAnswers(100);

        prefork.signal("HUP");
        List<Integer> after = reloaded(prefork);
        for (int pid : before.pids()) {
            Signals.awaitGone(pid);
        }

        Set<Integer> answered = new HashSet<>(asking.end());
        assertThat(answered).contains(after.getFirst()).hasSizeGreaterThan(1);
        assertThat(asking.connections()).isBetween(2, 5);
    }

    private static List<Integer> reloaded(Program prefork) {
        String line = prefork.awaitLine("prefork: reloaded 2 workers, pids .*");
        return Running.numbers(line.substring(line.indexOf("pids ") + "pids ".length()));
    }

    @Test
    void givenNever_whenStopped_thenIdleClientsHoldTheWorkerForTheDrainTimeout()
            throws IOException {
        Program prefork =
                programs.start(
                        served("-w", "1", "--idle-grace", "never", "--drain-timeout", "1.5"));
        try (Client idle = askAndKeep(Running.await(prefork, 1))) {
            prefork.signal("TERM");

            assertThat(prefork.awaitEnd()).isZero();
            assertThat(idle.readToEnd()).isEmpty();
        }
        assertThat(prefork.lines())
                .anyMatch(line -> line.matches("prefork: worker 1 .* still has connections .*"));
    }

    private Command served(Object... options) {
        return Running.served(folder.resolve("broken"), options);
    }

    private static Client askAndKeep(Running running) throws IOException {
        Client client = Client.connect(running.port()).send(REQUEST);
        readHead(client);
        // The pid, which has no end of its own.
        int pid = 0;
        while (!running.pids().contains(pid)) {
            pid = pid * 10 + client.read() - '0';
        }
        return client;
    }

    /** A request whose body is still to come, in a handler that has been called. */
    private static Client keepWaiting(Running running) throws IOException {
        Client client =
                Client.connect(running.port())
                        .send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n")
                        .send("Content-Length: 1\r\n\r\n");
        assertThat(readHead(client)).startsWith("HTTP/1.1 100");
        return client;
    }

    private static String readHead(Client client) throws IOException {
        String first = client.readLine();
        for (String line = first; !line.equals("\r"); ) {
            line = client.readLine();
        }
        return first;
    }
}
