package dev.prefork.it.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.prefork.it.support.Client;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.Ports;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;
import dev.prefork.it.support.Signals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** {@code --policy reuseport}: each worker accepts from a queue of its own, and none is lost. */
@Rule("D4")
class ReusePortIT {
    private static final int MANY = 40;

    private static final String REQUEST =
            "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    @RegisterExtension private final Programs programs = new Programs();
    @TempDir private Path folder;

    private Running start(int workers) {
        return Running.await(
                programs.start(
                        Running.served(
                                folder.resolve("broken"),
                                "-w",
                                workers,
                                "--policy",
                                "reuseport",
                                "--ready-after",
                                "0.3")),
                1);
    }

    private static List<CompletableFuture<String>> askMany(int port) throws Exception {
        List<CompletableFuture<String>> answers = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            answers.add(Client.connect(port).send(REQUEST).answer());
        }
        return answers;
    }

    private static Set<Integer> servers(List<CompletableFuture<String>> answers) {
        Set<Integer> pids = new HashSet<>();
        for (CompletableFuture<String> answer : answers) {
            String response = answer.join();
            pids.add(Integer.valueOf(response.substring(response.indexOf("\r\n\r\n") + 4)));
        }
        return pids;
    }

    @Test
    void givenFourWorkers_whenManyConnect_thenEachServesAboutAsMany() throws Exception {
        Running server = start(4);
        Map<Integer, Integer> served = new HashMap<>();

        for (int i = 0; i < 400; i++) {
            served.merge(server.ask(), 1, Integer::sum);
        }

        assertThat(served.keySet()).containsExactlyInAnyOrderElementsOf(server.pids());
        // A hundred each; five standard deviations.
        assertThat(served.values()).allMatch(count -> count > 56 && count < 144);
    }

    @Test
    void givenConnectionsInItsQueue_whenAWorkerIsKilled_thenTheOtherServesThem() throws Exception {
        Running server = start(2);
        int killed = server.pids().getFirst();
        Signals.stop(killed);
        List<CompletableFuture<String>> answers = askMany(server.port());

        Signals.send("KILL", killed);

        assertThat(servers(answers)).doesNotContain(killed).contains(server.pids().getLast());
    }

    @Test
    void givenAWorkerThatIsStopped_whenManyConnect_thenTheOtherServesThemAndLaterBothDo()
            throws Exception {
        Running server = start(2);
        int stopped = server.pids().getFirst();
        Signals.stop(stopped);

        assertThat(servers(askMany(server.port()))).containsExactly(server.pids().getLast());

        Signals.send("CONT", stopped);
        await().untilAsserted(
                        () ->
                                assertThat(servers(askMany(server.port())))
                                        .containsExactlyInAnyOrderElementsOf(server.pids()));
    }

    @Test
    void givenTheOnlyWorker_whenItIsKilled_thenConnectionsWaitForItsSuccessor() throws Exception {
        Running server = start(1);
        int killed = server.pids().getFirst();
        Signals.stop(killed);
        List<CompletableFuture<String>> answers = askMany(server.port());

        Signals.send("KILL", killed);

        assertThat(servers(answers)).doesNotContain(killed).hasSize(1);
    }

    @Test
    void givenLoad_whenReloadedAndShrunk_thenNobodyIsRefused() throws Exception {
        Running server = start(2);
        try (ShortRequests requests = ShortRequests.to(server)) {
            requests.awaitAnswers(100);

            server.program().signal("HUP");
            server.program().awaitLine("prefork: reloaded 2 workers.*");
            requests.awaitAnswers(100);
            server.program().signal("TTOU");
            server.program().awaitLine("prefork: serving .* with 1 worker.*");
            requests.awaitAnswers(100);

            assertThat(requests.failures()).isEmpty();
        }
    }

    @Rule("D6")
    @Test
    void givenNodesServer_whenOneOfTwoIsKilled_thenTheOtherServesOn() throws Exception {
        Path script =
                Files.writeString(
                        folder.resolve("server.js"),
                        """
                        require('http').createServer((request, response) => {
                          response.end(String(process.pid));
                        }).listen(Number(process.argv[2]), '127.0.0.1');
                        """);
        int port = Ports.row(1);
        Program prefork =
                programs.start(
                        Command.prefork(
                                "run",
                                "-w",
                                2,
                                "--policy",
                                "reuseport",
                                "--exec",
                                "node",
                                script,
                                port));
        prefork.awaitLine("prefork: serving .* with 2 workers.*");
        Set<Integer> both = new HashSet<>();
        await().until(
                        () -> {
                            both.add(Integer.valueOf(Client.get(port, "/")));
                            return both.size() == 2;
                        });
        int killed = both.iterator().next();

        Signals.send("KILL", killed);

        prefork.awaitLine("prefork: serving .* with 2 workers.*");
        await().until(
                        () -> {
                            both.add(Integer.valueOf(Client.get(port, "/")));
                            return both.size() == 3;
                        });
    }
}
