package dev.prefork.it.node;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.prefork.it.handles.HandleProgram;
import dev.prefork.it.support.Client;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;
import dev.prefork.json.Json;
import dev.prefork.launch.WorkerJvm;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Handles between Java and real Node processes, each way, under a primary of either kind. */
@Rule({"A25", "C3", "D6"})
class NodeHandlesIT {
    private static final String HANDLES = "handles.js";

    @RegisterExtension final Programs programs = new Programs();

    /**
     * With the worker of the other kind; shared listening, so that a worker has a real listener.
     */
    private Program primary(String kind, NodeVersion version) {
        Command command =
                kind.equals("java") ? javaPrimary(version) : nodePrimary(version.executable());
        return programs.start(command.with("NODE_CLUSTER_SCHED_POLICY", "none"));
    }

    private static List<String> java() {
        List<String> words = new ArrayList<>(WorkerJvm.options());
        words.removeIf(word -> word.startsWith("-D"));
        words.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        words.addAll(List.of("-cp", System.getProperty("java.class.path")));
        return words;
    }

    private static Command javaPrimary(NodeVersion version) {
        List<String> words = new ArrayList<>(List.of(Command.javaExecutable()));
        words.addAll(java());
        words.add(HandleProgram.class.getName());
        words.addAll(List.of(version.executable(), Scripts.path(HANDLES)));
        return new Command(words, Map.of());
    }

    private static Command nodePrimary(String node) {
        List<String> options = new ArrayList<>(java());
        options.addAll(WorkerJvm.options());
        Map<String, Object> worker =
                Map.of(
                        "execPath",
                        Command.javaExecutable(),
                        "execArgv",
                        options,
                        "exec",
                        WorkerJvm.MAIN_CLASS,
                        "args",
                        List.of(HandleProgram.class.getName()));
        String json = new String(Json.writeLine(worker), UTF_8).strip();
        return Command.of(node, Scripts.path(HANDLES), json);
    }

    @ParameterizedTest
    @CsvSource({
        "java, V12_10, give, worker", "java, V12_10, take, primary",
        "java, CURRENT, give, worker", "java, CURRENT, take, primary",
        "node, V12_10, give, worker", "node, V12_10, take, primary",
        "node, CURRENT, give, worker", "node, CURRENT, take, primary"
    })
    void givenAHandleOfEachKind_whenItIsSent_thenTheOtherProcessAnswersAtIt(
            String kind, NodeVersion version, String order, String owner) throws IOException {
        Program primary = primary(kind, version);

        primary.tell(order + " SocketChannel");
        assertThat(Client.read(primary.awaitNumber("port"))).isEqualTo(owner + "\n");

        // A cluster worker of v12.10 gets no connection of it, under Node's own primary neither.
        if (!(kind.equals("java") && version == NodeVersion.V12_10 && order.equals("give"))) {
            primary.tell(order + " ServerSocketChannel");
            int port = primary.awaitNumbers("port", 2).get(1);
            assertThat(Client.read(port)).isEqualTo(owner + "\n");
            assertThat(Client.read(port)).isEqualTo(owner + "\n");
        }

        primary.tell(order + " DatagramChannel");
        assertThat(datagramAnswer(primary.awaitNumber("udp"))).isEqualTo(owner);
    }

    /**
     * A worker of v12.10 that is sent a net.Server asks its primary to listen on nothing, and has
     * the message when that is granted. Node's own primary then listens on any port with "rr", and
     * ends with "none" (measured).
     */
    @ParameterizedTest
    @CsvSource({"java, rr", "java, none", "node, rr"})
    void givenAListener_whenAWorkerOfV12IsHandedIt_thenItHasItAndListensOnAnyPort(
            String kind, String policy) {
        Command command =
                kind.equals("java")
                        ? javaPrimary(NodeVersion.V12_10)
                        : nodePrimaryOfNode(NodeVersion.V12_10.executable());
        Program primary = programs.start(command.with("NODE_CLUSTER_SCHED_POLICY", policy));

        primary.tell("give ServerSocketChannel");

        primary.awaitLine("worker got ServerSocketChannel with a handle");
        assertThat(primary.awaitValue("worker listens on")).matches("::+ [1-9]\\d*");
    }

    private static Command nodePrimaryOfNode(String node) {
        Map<String, Object> worker =
                Map.of(
                        "execPath", node,
                        "execArgv", List.of(),
                        "exec", Scripts.path(HANDLES),
                        "args", List.of());
        return Command.of(
                node, Scripts.path(HANDLES), new String(Json.writeLine(worker), UTF_8).strip());
    }

    /** Node counts the connections of its server that others have, and asks them. */
    @ParameterizedTest
    @CsvSource({
        "java, V12_10, take, primary", "java, CURRENT, take, primary",
        "node, V12_10, give, worker", "node, CURRENT, give, worker"
    })
    void givenConnectionsOfANodeServer_whenTheyAreOpenHere_thenItCountsThemAndWaitsForTheirEnd(
            String kind, NodeVersion version, String order, String owner) throws IOException {
        Program primary = primary(kind, version);
        primary.tell(order + " counting");
        int port = primary.awaitNumber("port");

        try (Client _ = Client.connect(port);
                Client _ = Client.connect(port)) {
            primary.awaitLines(owner + " got held with a handle", 2);
            primary.tell(order + " count");
            assertThat(primary.awaitValue("connections")).isEqualTo("2");

            primary.tell(order + " close");
            // A Node server that is closing counts itself too: only the answer is awaited.
            primary.tell(order + " count");
            primary.awaitValues("connections", 2);
            assertThat(primary.lines()).doesNotContain("server closed");
        }

        primary.awaitLine("server closed");
        primary.tell(order + " count");
        assertThat(primary.awaitValues("connections", 3).getLast()).isEqualTo("0");
    }

    /** What is sent before the handle has arrived waits in the socket. */
    private static String datagramAnswer(int port) throws IOException {
        try (DatagramSocket client = new DatagramSocket()) {
            client.setSoTimeout(10_000);
            InetAddress loopback = InetAddress.getLoopbackAddress();
            client.send(new DatagramPacket(new byte[] {1}, 1, loopback, port));
            DatagramPacket answer = new DatagramPacket(new byte[100], 100);
            client.receive(answer);
            return new String(answer.getData(), 0, answer.getLength(), UTF_8);
        }
    }
}
