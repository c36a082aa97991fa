package dev.prefork.it.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.US_ASCII;

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

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
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

    /** Answers each datagram with its own number. */
    static final class Answers {
        public static void main(String[] args) throws IOException {
            byte[] pid = String.valueOf(ProcessHandle.current().pid()).getBytes(US_ASCII);
            InetSocketAddress address =
                    new InetSocketAddress(
                            InetAddress.ofLiteral("127.0.0.1"), Integer.parseInt(args[0]));
            try (DatagramSocket socket = new DatagramSocket(address)) {
                while (true) {
                    DatagramPacket packet = new DatagramPacket(new byte[1], 1);
                    socket.receive(packet);
                    packet.setData(pid);
                    socket.send(packet);
                }
            }
        }
    }

    /** A datagram of each; none is sent twice. */
    private static void send(List<DatagramSocket> clients) throws IOException {
        for (DatagramSocket client : clients) {
            client.send(new DatagramPacket(new byte[1], 1));
        }
    }

    /** Who has answered it. */
    private static int answerer(DatagramSocket client) throws IOException {
        DatagramPacket answer = new DatagramPacket(new byte[20], 20);
        client.receive(answer);
        return Integer.parseInt(new String(answer.getData(), 0, answer.getLength(), US_ASCII));
    }

    private static List<Integer> answerers(List<DatagramSocket> clients) throws IOException {
        List<Integer> pids = new ArrayList<>();
        for (DatagramSocket client : clients) {
            pids.add(answerer(client));
        }
        return pids;
    }

    @Rule("A12")
    @Test
    void givenDatagrams_whenAWorkerIsKilled_thenItsSendersMoveAndItsSuccessorHasWhatWaited()
            throws Exception {
        int port = Ports.row(1);
        Program prefork =
                programs.start(
                        Running.program(
                                Answers.class,
                                List.of("" + port),
                                "-w",
                                2,
                                "--policy",
                                "reuseport"));
        prefork.awaitLine("prefork: serving .* with .* pids .*");
        List<DatagramSocket> clients = new ArrayList<>();
        try {
            for (int i = 0; i < MANY; i++) {
                DatagramSocket client = new DatagramSocket();
                clients.add(client);
                client.setSoTimeout(30_000);
                client.connect(InetAddress.ofLiteral("127.0.0.1"), port);
            }
            send(clients);
            List<Integer> before = answerers(clients);
            assertThat(new HashSet<>(before)).hasSize(2);
            int killed = before.getFirst();

            Signals.stop(killed);
            send(clients);
            Signals.send("KILL", killed);
            List<Integer> after = answerers(clients);

            int successor = after.getFirst();
            assertThat(before).doesNotContain(successor);
            for (int i = 0; i < MANY; i++) {
                int expected = before.get(i) == killed ? successor : before.get(i);
                assertThat(after.get(i)).isEqualTo(expected);
            }
            send(clients);
            assertThat(answerers(clients)).isEqualTo(after);
        } finally {
            clients.forEach(DatagramSocket::close);
        }
    }
}
