package dev.prefork.it.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.it.support.Client;
import dev.prefork.it.support.Descriptors;
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
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Real Node workers, with Node's own cluster module in them, under our primary. */
@Rule({"C1", "C2", "D6"})
class NodeWorkersIT {
    private static final String ANY_PORT = "{\"port\":0}";
    private static final String ON_LOOPBACK = "{\"port\":%d,\"host\":\"127.0.0.1\"}";

    @RegisterExtension final Programs programs = new Programs();

    private Program primary(NodeVersion version, String policy, String... listens) {
        return programs.start(Scripts.javaPrimary(version, policy, listens));
    }

    /** A primary with so many workers that listen on the same port. */
    private Program serving(NodeVersion version, String policy, int workers) {
        Program primary = primary(version, policy, ANY_PORT);
        for (int id = 1; id <= workers; id++) {
            primary.tell("fork node");
            primary.awaitNumber("port " + id);
        }
        return primary;
    }

    // Serving.

    @Rule({"A1", "A4", "A8", "A13", "A14", "C3"})
    @ParameterizedTest
    @Sampled(2)
    @EnumSource
    void givenRoundRobin_whenClientsCome_thenNodeWorkersServeInTurn(NodeVersion version)
            throws IOException {
        Program primary = serving(version, "rr", 3);
        int port = primary.awaitNumber("port 1");

        List<String> bodies = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            bodies.add(Client.get(port, "/" + i));
        }

        assertThat(primary.awaitNumber("port 2")).isEqualTo(port);
        assertThat(primary.awaitNumber("port 3")).isEqualTo(port);
        assertThat(bodies)
                .containsExactlyElementsOf(
                        IntStream.range(0, 9)
                                .mapToObj(i -> "node " + (i % 3 + 1) + " /" + i)
                                .toList());
        assertThat(primary.lines()).containsSubsequence("online 1", "port 1 " + port);
    }

    @Rule({"A5", "A8", "C3"})
    @ParameterizedTest
    @Sampled(1)
    @EnumSource
    void givenNone_whenClientsCome_thenNodeWorkersAcceptThemFromTheSharedSocket(NodeVersion version)
            throws IOException {
        Program primary = serving(version, "none", 2);
        int port = primary.awaitNumber("port 1");

        for (int i = 0; i < 10; i++) {
            assertThat(Client.get(port, "/" + i)).matches("node [12] /" + i);
        }

        primary.tell("disconnect 1");
        primary.awaitLine("exit 1 code 0 true");
        assertThat(Client.get(port, "/")).isEqualTo("node 2 /");
    }

    @Rule({"A14", "A28", "A33"})
    @ParameterizedTest
    @Sampled(2)
    @EnumSource
    void givenListensOnSeveralKindsOfAddress_whenTheyListen_thenTheEventNamesThem(
            NodeVersion version, @TempDir Path folder) throws IOException {
        Path path = folder.resolve("socket");
        Program primary =
                primary(
                        version,
                        "rr",
                        ANY_PORT,
                        ON_LOOPBACK.formatted(0),
                        "{\"path\":\"" + path + "\"}");

        primary.tell("fork node");

        assertThat(primary.awaitValues("listening 1", 3))
                .containsExactlyInAnyOrder("null 4", "127.0.0.1 4", path + " -1");
        assertThat(primary.awaitNumbers("port 1", 3)).contains(-1);
        try (SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            assertThat(client.connect(UnixDomainSocketAddress.of(path))).isTrue();
        }
        primary.tell("disconnect 1");
        primary.awaitLine("exit 1 code 0 true");
        assertThat(Files.exists(path)).as("the socket's file").isFalse();
    }

    @Rule({"A2", "A4"})
    @ParameterizedTest
    @Sampled(1)
    @EnumSource
    void givenAStoppedNodeWorker_whenClientsCome_thenItHoldsOneAndTheOtherServesTheRest(
            NodeVersion version) throws IOException {
        Program primary = serving(version, "rr", 2);
        int port = primary.awaitNumber("port 1");
        int stopped = primary.awaitNumber("pid 1");
        Signals.stop(stopped);

        // The first goes to worker 1, which has been free longest.
        try (Client held = Client.connect(port)) {
            held.send("GET /held HTTP/1.0\r\n\r\n");
            for (int i = 0; i < 6; i++) {
                assertThat(Client.get(port, "/")).isEqualTo("node 2 /");
            }

            Signals.resume(stopped);

            assertThat(held.readToEnd()).endsWith("node 1 /held");
        }
    }

    @Rule({"D2", "A2"})
    @ParameterizedTest
    @Sampled(2)
    @EnumSource
    void givenAConnectionInAStoppedNodeWorker_whenItIsKilled_thenTheOtherServesIt(
            NodeVersion version) throws IOException {
        Program primary = serving(version, "rr", 2);
        int port = primary.awaitNumber("port 1");
        int stopped = primary.awaitNumber("pid 1");
        Signals.stop(stopped);
        try (Client held = Client.connect(port)) {
            held.send("GET /held HTTP/1.0\r\n\r\n");
            assertThat(Client.get(port, "/")).isEqualTo("node 2 /");

            Signals.send("KILL", stopped);

            assertThat(held.readToEnd()).endsWith("node 2 /held");
        }
        primary.awaitLine("exit 1 signal SIGKILL false");
    }

    @Rule({"E1", "C2"})
    @ParameterizedTest
    @Sampled({2, 3})
    @CsvSource({"V12_10, rr", "V12_10, none", "CURRENT, rr", "CURRENT, none"})
    @SuppressWarnings("try") // closes early what it would close anyway
    void givenATakenPort_whenANodeWorkerListensOnIt_thenItHasNodesOwnError(
            NodeVersion version, String policy) throws IOException {
        Program primary = primary(version, policy);
        primary.tell("fork node");
        primary.awaitLine("online 1");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String options = ON_LOOPBACK.formatted(taken.getLocalPort());
            String listen = "send 1 {\"order\":\"listen\",\"options\":" + options + "}";

            primary.tell(listen);

            assertThat(primary.awaitValue("message 1"))
                    .matches(
                            "\\{\"error\":\\{\"code\":\"EADDRINUSE\",\"syscall\":\"(bind|listen)\","
                                    + "\"port\":"
                                    + taken.getLocalPort()
                                    + "}}");
            taken.close();
            primary.tell(listen);
            assertThat(primary.awaitNumber("port 1")).isEqualTo(taken.getLocalPort());
        }
    }

    @Rule("A8")
    @ParameterizedTest
    @Sampled({1, 4})
    @CsvSource({"V12_10, rr", "V12_10, none", "CURRENT, rr", "CURRENT, none"})
    void givenTwoListensOnPort0_whenTwoNodeWorkersMakeThem_thenBothHaveTheSameTwoPorts(
            NodeVersion version, String policy) throws IOException {
        Program primary = primary(version, policy, ANY_PORT, ANY_PORT);

        primary.tell("fork node");
        List<Integer> ports = primary.awaitNumbers("port 1", 2);
        primary.tell("fork node");

        assertThat(primary.awaitNumbers("port 2", 2)).containsExactlyInAnyOrderElementsOf(ports);
        assertThat(ports).doesNotHaveDuplicates();
        for (int port : ports) {
            assertThat(Client.get(port, "/")).startsWith("node ");
        }
    }

    // Messages.

    @Rule({"A15", "A25", "A29", "C7"})
    @ParameterizedTest
    @Sampled(1)
    @EnumSource
    void whenMessagesGoToANodeWorkerAndBack_thenTheyAreTheSameAndInOrder(NodeVersion version) {
        List<String> messages =
                List.of(
                        "\"text\"",
                        "\"zażółć 漢字 \\\\ \\\" \\n \\u2028\"",
                        "5",
                        "-1.5",
                        "true",
                        "[]",
                        "[1,[null,{}],\"x\"]",
                        "{\"a\":{\"b\":[1,2,{\"c\":null}]},\"é\":false}",
                        "[".repeat(1500) + "]".repeat(1500),
                        "{\"\\uD800\":\"\\uDC00\"}",
                        "{\"cmd\":\"NODE_\"}");
        Program primary = primary(version, "rr");
        primary.tell("fork node");

        messages.forEach(message -> primary.tell("send 1 " + message));

        assertThat(primary.awaitValues("message 1", messages.size()).stream().map(Lines::parse))
                .containsExactlyElementsOf(messages.stream().map(Lines::parse).toList());
    }

    @Rule({"C4", "C5"})
    @ParameterizedTest
    @Sampled(2)
    @EnumSource
    void givenAMegabyteOfUnicode_whenItGoesToANodeWorkerAndBack_thenItIsTheSame(
            NodeVersion version) {
        Program primary = primary(version, "rr");
        primary.tell("fork node");

        primary.tell("big 1 40000");

        assertThat(primary.awaitValue("big 1")).isEqualTo("true");
    }

    @Rule("C5")
    @ParameterizedTest
    @Sampled(1)
    @EnumSource
    void givenMessagesJustBeforeTheExit_whenANodeWorkerExits_thenAllArriveFirst(
            NodeVersion version) {
        Program primary = primary(version, "rr");
        primary.tell("fork node");

        primary.tell("send 1 {\"order\":\"sayAndExit\",\"count\":200,\"code\":5}");

        assertThat(primary.awaitValues("message 1", 200))
                .containsExactlyElementsOf(
                        IntStream.range(0, 200).mapToObj(i -> "{\"i\":" + i + "}").toList());
        assertThat(primary.awaitValue("exit 1")).isEqualTo("code 5 false");
    }

    // The end.

    @Rule({"A16", "A17", "A19", "A20", "A23", "A30", "A31"})
    @ParameterizedTest
    @CsvSource({
        "V12_10,  disconnect 1,                               code 0,         true",
        "CURRENT, disconnect 1,                               code 0,         true",
        "V12_10,  send 1 {'order':'disconnect'},              code 0,         true",
        "CURRENT, send 1 {'order':'disconnect'},              code 0,         true",
        "V12_10,  send 1 {'order':'kill'},                    code 0,         true",
        "CURRENT, send 1 {'order':'kill'},                    code 0,         true",
        "V12_10,  'send 1 {\"order\":\"exit\",\"code\":3}',   code 3,         false",
        "CURRENT, 'send 1 {\"order\":\"exit\",\"code\":3}',   code 3,         false",
        "V12_10,  send 1 {'order':'fail'},                    code 1,         false",
        "CURRENT, send 1 {'order':'fail'},                    code 1,         false",
        "V12_10,  signal 1 SIGKILL,                           signal SIGKILL, false",
        "CURRENT, signal 1 SIGKILL,                           signal SIGKILL, false",
        "V12_10,  signal 1 SIGTERM,                           signal SIGTERM, false",
        "CURRENT, signal 1 SIGTERM,                           signal SIGTERM, false",
        "V12_10,  'send 1 {\"order\":\"signal\",\"name\":\"SIGUSR2\"}', signal SIGUSR2, false",
        "CURRENT, 'send 1 {\"order\":\"signal\",\"name\":\"SIGUSR2\"}', signal SIGUSR2, false",
    })
    void whenAServingNodeWorkerEnds_thenHowAndWhetherItWasAskedForIsExact(
            NodeVersion version, String order, String end, boolean voluntary) {
        Program primary = serving(version, "rr", 1);

        primary.tell(order.replace('\'', '"'));

        assertThat(primary.awaitValue("exit 1")).isEqualTo(end + " " + voluntary);
        assertThat(primary.awaitValue("disconnect 1")).isEqualTo("" + voluntary);
        if (order.contains("disconnect")) {
            assertThat(primary.awaitValue("worker disconnected 1")).isEqualTo("true");
        }
    }

    @Rule({"A20", "A23"})
    @ParameterizedTest
    @Sampled(2)
    @EnumSource
    void whenANodeWorkerIsKilled_thenItDisconnectsAndEndsByItselfOrByTheSignal(
            NodeVersion version) {
        Program primary = serving(version, "rr", 1);

        primary.tell("kill 1");

        assertThat(primary.awaitValue("exit 1")).isIn("code 0 true", "signal SIGTERM true");
        assertThat(primary.awaitValue("disconnect 1")).isEqualTo("true");
    }

    @Rule({"A19", "A2"})
    @ParameterizedTest
    @Sampled(1)
    @EnumSource
    void givenAnOpenConnection_whenItsNodeWorkerIsDisconnected_thenItIsServedToItsEnd(
            NodeVersion version) throws IOException {
        Program primary = serving(version, "rr", 2);
        int port = primary.awaitNumber("port 1");
        try (Client client = Client.connect(port)) {
            client.send("GET /slow HTTP/1.1\r\nHost: x\r\n");
            assertThat(Client.get(port, "/")).isEqualTo("node 2 /");

            primary.tell("disconnect 1");
            primary.tell("send 1 \"after the disconnect\"");
            primary.awaitLine("message 1 \"after the disconnect\"");
            for (int i = 0; i < 4; i++) {
                assertThat(Client.get(port, "/")).isEqualTo("node 2 /");
            }
            assertThat(primary.values("disconnect 1")).isEmpty();

            client.send("Connection: close\r\n\r\n");
            assertThat(client.readToEnd()).endsWith("node 1 /slow");
        }
        primary.awaitLine("exit 1 code 0 true");
    }

    @Rule("B2")
    @ParameterizedTest
    @Sampled({1, 4})
    @CsvSource({"V12_10, rr", "V12_10, none", "CURRENT, rr", "CURRENT, none"})
    void whenTheClusterIsDisconnected_thenNodeWorkersEndAndThePortIsFree(
            NodeVersion version, String policy) throws IOException {
        Program primary = serving(version, policy, 2);
        int port = primary.awaitNumber("port 1");

        primary.tell("end");

        primary.awaitLine("all disconnected");
        try (ServerSocket free = new ServerSocket(port)) {
            assertThat(free.isBound()).isTrue();
        }
        primary.awaitLine("exit 1 code 0 true");
        primary.awaitLine("exit 2 code 0 true");
    }

    @Rule("A2")
    @ParameterizedTest
    @CsvSource({
        "V12_10, rr,   disconnect", "CURRENT, rr,   kill",
        "V12_10, none, kill", "CURRENT, none, disconnect"
    })
    void givenALongLivedPrimary_whenNodeWorkersComeAndGo_thenItHasNoDescriptorOfThemLeft(
            NodeVersion version, String policy, String end) throws IOException {
        Program primary = primary(version, policy, ANY_PORT);

        Descriptors.awaitNoMoreAfterRounds(
                id -> {
                    primary.tell("fork node");
                    int port = primary.awaitNumber("port " + id);
                    assertThat(Client.get(port, "/")).isEqualTo("node " + id + " /");
                    primary.tell(
                            end.equals("kill") ? "signal " + id + " SIGKILL" : "disconnect " + id);
                    primary.awaitLine("exit " + id + " ");
                    primary.awaitLine("disconnect " + id + " ");
                },
                primary.pid());
    }

    @Rule("A24")
    @ParameterizedTest
    @Sampled(2)
    @EnumSource
    void whenThePrimaryIsKilled_thenItsNodeWorkersEnd(NodeVersion version) {
        Program primary = serving(version, "rr", 2);
        List<Integer> pids = List.of(primary.awaitNumber("pid 1"), primary.awaitNumber("pid 2"));

        primary.signal("KILL");

        pids.forEach(pid -> Signals.awaitGone(pid, Duration.ofSeconds(5)));
    }
}
