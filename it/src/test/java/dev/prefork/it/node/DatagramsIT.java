package dev.prefork.it.node;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.prefork.SchedulingPolicy;
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
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Node's dgram workers under a Java primary, Java's datagram workers under a Node primary. */
@Rule({"A12", "A33", "D6"})
class DatagramsIT {
    @RegisterExtension final Programs programs = new Programs();

    private static String ask(String host, int port, String text) throws IOException {
        try (DatagramSocket client = new DatagramSocket()) {
            client.setSoTimeout(1000);
            InetSocketAddress target = new InetSocketAddress(InetAddress.ofLiteral(host), port);
            for (int tries = 0; tries < 10; tries++) {
                client.send(new DatagramPacket(text.getBytes(UTF_8), text.length(), target));
                DatagramPacket answer = new DatagramPacket(new byte[100], 100);
                try {
                    client.receive(answer);
                    return new String(answer.getData(), 0, answer.getLength(), UTF_8);
                } catch (SocketTimeoutException lost) {
                    // UDP may.
                }
            }
            throw new IOException("no answer from port " + port);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "V12_10,  rr,   udp4, 127.0.0.1",
        "CURRENT, rr,   udp4, 127.0.0.1",
        "CURRENT, none, udp6, ::1",
        "CURRENT, rr,   udp6, ::",
    })
    void givenAJavaPrimary_whenNodeWorkersBindDatagramSockets_thenTheyShareOne(
            NodeVersion version, String policy, String type, String address) throws IOException {
        Command command =
                Command.java(
                        JavaPrimary.class,
                        version.executable(),
                        Scripts.path("datagrams.js"),
                        type,
                        address);
        Program primary = programs.start(command.with(SchedulingPolicy.VARIABLE, policy));
        primary.tell("fork node");
        primary.tell("fork node");

        int port = primary.awaitNumber("port 1");
        assertThat(primary.awaitNumber("port 2")).isEqualTo(port);
        assertThat(primary.awaitNumber("bound 1")).isEqualTo(port);
        assertThat(primary.awaitNumber("bound 2")).isEqualTo(port);
        assertThat(primary.awaitValue("listening 1")).isEqualTo(address + " " + type);
        String host = address.equals("::") ? "127.0.0.1" : address;
        assertThat(ask(host, port, "hello")).matches("node [12] hello");
        primary.tell("disconnect 1");
        primary.awaitLine("exit 1 code 0 true");
        assertThat(ask(host, port, "again")).isEqualTo("node 2 again");
    }

    @ParameterizedTest
    @CsvSource({
        "V12_10,  rr,   udp4, 127.0.0.1",
        "CURRENT, rr,   udp4, 127.0.0.1",
        "CURRENT, none, udp6, ::1",
    })
    void givenANodePrimary_whenJavaAndNodeWorkersBindDatagramSockets_thenTheyShareOne(
            NodeVersion version, String policy, String type, String address) throws IOException {
        Program primary = programs.start(nodePrimary(version, policy, type, address));
        primary.tell("fork java");
        int port = primary.awaitNumber("port 1");
        assertThat(primary.awaitNumber("bound 1")).isEqualTo(port);
        assertThat(ask(address, port, "hello")).isEqualTo("java 1 hello");
        assertThat(primary.awaitValue("listening 1"))
                .contains("\"addressType\":\"" + type + "\"", "\"fd\":-1");

        primary.tell("fork node");
        assertThat(primary.awaitNumber("bound 2")).isEqualTo(port);
        primary.tell("disconnect 1");
        primary.awaitLine("exit 1 0 null true");
        assertThat(ask(address, port, "again")).isEqualTo("node 2 again");
    }

    private static Command nodePrimary(
            NodeVersion version, String policy, String type, String address) {
        List<String> options = new ArrayList<>(WorkerJvm.options());
        options.addAll(List.of("-Xmx128m", "-cp", System.getProperty("java.class.path")));
        Map<String, Object> java =
                Map.of(
                        "execPath",
                        Command.javaExecutable(),
                        "execArgv",
                        options,
                        "exec",
                        WorkerJvm.MAIN_CLASS,
                        "args",
                        List.of(DatagramWorker.class.getName(), type, address));
        Map<String, Object> node =
                Map.of(
                        "execPath",
                        version.executable(),
                        "execArgv",
                        List.of(),
                        "exec",
                        Scripts.path("datagrams.js"),
                        "args",
                        List.of(type, address));
        String json = new String(Json.writeLine(Map.of("java", java, "node", node)), UTF_8).strip();
        return Command.of(version.executable(), Scripts.path("primary.js"), json)
                .with(SchedulingPolicy.VARIABLE, policy);
    }
}
