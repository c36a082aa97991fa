package dev.prefork.it.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.prefork.it.support.Client;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;
import dev.prefork.it.support.Sampled;
import dev.prefork.it.support.Signals;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Java workers, with an unmodified JDK HttpServer in them, under a real Node primary. */
@Rule({"C1", "C2", "D6"})
class JavaWorkersIT {
    @RegisterExtension final Programs programs = new Programs();

    /** A primary with so many workers that listen on the same port. */
    private Program serving(NodeVersion version, String policy, int workers) {
        Program primary = programs.start(Scripts.nodePrimary(version, policy));
        for (int id = 1; id <= workers; id++) {
            primary.tell("fork java");
            primary.awaitNumber("port " + id);
            primary.awaitNumber("bound " + id);
        }
        return primary;
    }

    @Rule({"A1", "A4", "A8", "A13", "A14", "A28", "A33", "C3", "D3"})
    @ParameterizedTest
    @Sampled(1)
    @EnumSource
    void givenRoundRobin_whenClientsCome_thenJavaWorkersServeInTurn(NodeVersion version)
            throws IOException {
        Program primary = serving(version, "rr", 3);
        int port = primary.awaitNumber("port 1");

        List<String> bodies = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            bodies.add(Client.get(port, "/" + i));
        }

        assertThat(bodies)
                .containsExactlyElementsOf(
                        IntStream.range(0, 9)
                                .mapToObj(i -> "java " + (i % 3 + 1) + " /" + i)
                                .toList());
        assertThat(primary.awaitNumbers("bound 1", 1)).containsExactly(port);
        assertThat(primary.awaitNumbers("bound 3", 1)).containsExactly(port);
        assertThat(primary.awaitValue("listening 1"))
                .isEqualTo("{\"addressType\":4,\"address\":null,\"port\":" + port + "}");
        assertThat(primary.lines()).containsSubsequence("online 1", "port 1 " + port);
    }

    @Rule({"A5", "A8", "C3", "D3"})
    @ParameterizedTest
    @Sampled(2)
    @EnumSource
    void givenNone_whenClientsCome_thenJavaWorkersAcceptThemFromTheSharedSocket(NodeVersion version)
            throws IOException {
        Program primary = serving(version, "none", 2);
        int port = primary.awaitNumber("port 1");

        for (int i = 0; i < 10; i++) {
            assertThat(Client.get(port, "/" + i)).matches("java [12] /" + i);
        }

        primary.tell("disconnect 1");
        primary.awaitLine("exit 1 0 null true");
        assertThat(Client.get(port, "/")).isEqualTo("java 2 /");
    }

    @Rule({"A2", "A4"})
    @ParameterizedTest
    @Sampled(1)
    @EnumSource
    void givenManyConnectionsAtOnce_whenClientsCome_thenEveryOneIsServed(NodeVersion version)
            throws IOException {
        Program primary = serving(version, "rr", 2);
        int port = primary.awaitNumber("port 1");
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            clients.add(Client.connect(port));
        }

        for (Client client : clients) {
            client.send("GET /all HTTP/1.0\r\n\r\n");
        }

        List<String> ends = new ArrayList<>();
        for (Client client : clients) {
            try (client) {
                ends.add(client.readToEnd().replaceAll("(?s).*\r\n", ""));
            }
        }
        assertThat(ends).hasSize(100).allMatch(end -> end.matches("java [12] /all"));
    }

    @Rule({"E1", "C2"})
    @ParameterizedTest
    @Sampled({1, 4})
    @CsvSource({"V12_10, rr", "V12_10, none", "CURRENT, rr", "CURRENT, none"})
    @SuppressWarnings("try") // closes early what it would close anyway
    void givenATakenPort_whenAJavaServerBindsIt_thenItHasTheJdksException(
            NodeVersion version, String policy) throws IOException {
        Program primary = serving(version, policy, 1);
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String listen = "send 1 {\"order\":\"listen\",\"port\":" + taken.getLocalPort() + "}";

            primary.tell(listen);

            assertThat(primary.awaitValue("message 1"))
                    .isEqualTo("{\"error\":\"java.net.BindException: Address already in use\"}");
            taken.close();
            primary.tell(listen);
            assertThat(primary.awaitNumbers("port 1", 2)).contains(taken.getLocalPort());
        }
    }

    // Messages.

    @Rule({"A15", "A25", "C7"})
    @ParameterizedTest
    @Sampled(2)
    @EnumSource
    void whenMessagesGoToAJavaWorkerAndBack_thenTheyAreTheSameAndInOrder(NodeVersion version) {
        List<String> messages =
                List.of(
                        "\"text\"",
                        "\"zażółć 漢字 😀 \\\\ \\\" \\n\"",
                        "\"\\ud800\"",
                        "5",
                        "-1.5",
                        "1e+21",
                        "9007199254740993000",
                        "true",
                        "[]",
                        "[1,[null,{}],\"x\"]",
                        "{\"a\":{\"b\":[1,2,{\"c\":null}]},\"é\":false}",
                        "[".repeat(1500) + "]".repeat(1500),
                        "{\"\\ud800\":\"\\udc00\"}",
                        "{\"cmd\":\"NODE_\"}");
        Program primary = serving(version, "rr", 1);

        messages.forEach(message -> primary.tell("send 1 " + message));

        assertThat(primary.awaitValues("message 1", messages.size())).isEqualTo(messages);
    }

    @Rule({"C4", "C5"})
    @ParameterizedTest
    @Sampled(1)
    @EnumSource
    void givenAMegabyteOfUnicode_whenItGoesToAJavaWorkerAndBack_thenItIsTheSame(
            NodeVersion version) {
        Program primary = serving(version, "rr", 1);

        primary.tell("big 1 40000");

        assertThat(primary.awaitValue("big 1")).isEqualTo("true");
    }

    @Rule("C5")
    @ParameterizedTest
    @Sampled(2)
    @EnumSource
    void givenMessagesJustBeforeTheExit_whenAJavaWorkerExits_thenAllArriveFirst(
            NodeVersion version) {
        Program primary = serving(version, "rr", 1);

        primary.tell("send 1 {\"order\":\"sayAndExit\",\"count\":2000,\"code\":5}");

        assertThat(primary.awaitValues("message 1", 2000))
                .containsExactlyElementsOf(
                        IntStream.range(0, 2000).mapToObj(i -> "{\"i\":" + i + "}").toList());
        assertThat(primary.awaitValue("exit 1")).isEqualTo("5 null false");
    }

    // The end.

    /** v20 sends the signal of kill() at once, v12 once the worker has disconnected. */
    @Rule({"A16", "A17", "A19", "A20", "A23", "D8"})
    @ParameterizedTest
    @Sampled({1, 4, 5, 8})
    @CsvSource({
        "V12_10,  disconnect 1,                             0 null true",
        "CURRENT, disconnect 1,                             0 null true",
        "V12_10,  send 1 {'order':'disconnect'},            0 null true",
        "CURRENT, send 1 {'order':'disconnect'},            0 null true",
        "V12_10,  send 1 {'order':'kill'},                  0 null true",
        "CURRENT, send 1 {'order':'kill'},                  0 null true",
        "V12_10,  'send 1 {\"order\":\"exit\",\"code\":3}', 3 null false",
        "CURRENT, 'send 1 {\"order\":\"exit\",\"code\":3}', 3 null false",
        "V12_10,  signal 1 SIGKILL,                         null SIGKILL false",
        "CURRENT, signal 1 SIGKILL,                         null SIGKILL false",
        "V12_10,  signal 1 SIGTERM,                         null SIGTERM false",
        "CURRENT, signal 1 SIGTERM,                         null SIGTERM false",
        "CURRENT, kill 1,                                   null SIGTERM false",
    })
    void whenAServingJavaWorkerEnds_thenHowAndWhetherItWasAskedForIsExact(
            NodeVersion version, String order, String end) {
        Program primary = serving(version, "rr", 1);

        primary.tell(order.replace('\'', '"'));

        assertThat(primary.awaitValue("exit 1")).isEqualTo(end);
        assertThat(primary.awaitValue("disconnect 1"))
                .isEqualTo(end.substring(end.lastIndexOf(' ') + 1));
        if (order.contains("disconnect")) {
            assertThat(primary.awaitValue("worker disconnected 1")).isEqualTo("true");
        }
    }

    @Rule("A23")
    @ParameterizedTest
    @EnumSource(names = "V12_10")
    void whenNode12KillsAJavaWorker_thenItDisconnectsAndEndsByItselfOrByTheSignal(
            NodeVersion version) {
        Program primary = serving(version, "rr", 1);

        primary.tell("kill 1");

        assertThat(primary.awaitValue("exit 1")).isIn("0 null true", "null SIGTERM true");
        assertThat(primary.awaitValue("disconnect 1")).isEqualTo("true");
    }

    @Rule("A23")
    @ParameterizedTest
    @Sampled(1)
    @EnumSource
    void givenAJavaWorkerWhoseListenerSpins_whenItIsDisconnected_thenItLeavesAllTheSame(
            NodeVersion version) {
        Program primary = serving(version, "rr", 1);
        primary.tell("send 1 {\"order\":\"spin\"}");
        primary.awaitLine("spinning 1");

        primary.tell("disconnect 1");

        assertThat(primary.awaitValue("exit 1")).isEqualTo("0 null true");
    }

    @Rule({"A19", "A2"})
    @ParameterizedTest
    @Sampled(2)
    @EnumSource
    void givenAnOpenConnection_whenItsJavaWorkerIsDisconnected_thenItIsServedToItsEnd(
            NodeVersion version) throws IOException {
        Program primary = serving(version, "rr", 2);
        int port = primary.awaitNumber("port 1");
        try (Client client = Client.connect(port)) {
            client.send("GET /slow HTTP/1.1\r\nHost: x\r\n");
            assertThat(Client.get(port, "/")).isEqualTo("java 2 /");

            primary.tell("disconnect 1");
            primary.awaitLine("asked 1");
            for (int i = 0; i < 4; i++) {
                assertThat(Client.get(port, "/")).isEqualTo("java 2 /");
            }
            assertThat(primary.values("disconnect 1")).isEmpty();

            client.send("Connection: close\r\n\r\n");
            assertThat(client.readToEnd()).endsWith("java 1 /slow");
        }
        primary.awaitLine("exit 1 0 null true");
    }

    @Rule("B2")
    @ParameterizedTest
    @Sampled({2, 3})
    @CsvSource({"V12_10, rr", "V12_10, none", "CURRENT, rr", "CURRENT, none"})
    void whenTheClusterIsDisconnected_thenJavaWorkersEndAndThePrimaryToo(
            NodeVersion version, String policy) throws IOException {
        Program primary = serving(version, policy, 2);
        int port = primary.awaitNumber("port 1");

        primary.tell("end");

        primary.awaitLine("all disconnected");
        assertThat(primary.awaitEnd()).isZero();
        assertThat(primary.lines()).contains("exit 1 0 null true", "exit 2 0 null true");
        try (ServerSocket free = new ServerSocket(port)) {
            assertThat(free.isBound()).isTrue();
        }
    }

    @Rule("A24")
    @ParameterizedTest
    @Sampled(1)
    @EnumSource
    void whenThePrimaryIsKilled_thenItsJavaWorkersExitWithCode0(
            NodeVersion version, @TempDir Path folder) {
        Path codes = folder.resolve("codes");
        Program primary =
                programs.start(
                        Scripts.nodePrimary(version, "rr").with("EXIT_CODES", codes.toString()));
        primary.tell("fork watched");
        primary.tell("fork watched");
        primary.awaitNumber("bound 1");
        primary.awaitNumber("bound 2");

        primary.signal("KILL");

        await().atMost(Duration.ofSeconds(20))
                .pollDelay(Duration.ZERO)
                .until(() -> Files.exists(codes) && Files.readString(codes).equals("0\n0\n"));
    }

    @Rule({"A2", "A17"})
    @ParameterizedTest
    @Sampled(2)
    @EnumSource
    void givenTwoJavaWorkers_whenOneIsKilled_thenTheOtherServes(NodeVersion version)
            throws IOException {
        Program primary = serving(version, "rr", 2);
        int port = primary.awaitNumber("port 1");

        Signals.send("KILL", primary.awaitNumber("pid 1"));

        primary.awaitLine("exit 1 null SIGKILL false");
        primary.awaitLine("disconnect 1 false");
        for (int i = 0; i < 4; i++) {
            assertThat(Client.get(port, "/")).isEqualTo("java 2 /");
        }
    }
}
