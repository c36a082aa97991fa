package dev.prefork.it.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.prefork.it.support.Client;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;
import dev.prefork.it.support.Sampled;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Every form of server.listen in Java and Node workers that share it where Node's would, whoever is
 * their primary. Worker 1 is Java, worker 2 is Node.
 */
@Rule({"C2", "D6"})
class ListenFormsIT {
    @RegisterExtension final Programs programs = new Programs();
    @TempDir Path folder;

    private Program mixed(String kind, NodeVersion version, String policy) {
        Command command =
                kind.equals("java")
                        ? Scripts.javaPrimary(version, policy)
                        : Scripts.nodePrimary(version, policy);
        Program primary = programs.start(command.with("WORKERS_IN", folder.toString()));
        primary.tell("fork java");
        primary.awaitNumber("bound 1");
        primary.tell("fork node");
        primary.awaitLine("online 2");
        if (kind.equals("node")) {
            primary.awaitLine("bound 2"); // Scripts.nodePrimary has it listen from the start.
        }
        return primary;
    }

    /** The Java worker before the Node worker, so that the turn is known. */
    private static void bothListen(Program primary, String options) {
        listen(primary, 1, options);
        primary.awaitLines("bound 1", 2);
        int before = primary.values("bound 2").size();
        listen(primary, 2, options);
        primary.awaitLines("bound 2", before + 1);
    }

    private static void listen(Program primary, int worker, String options) {
        primary.tell(
                "send %d {'order':'listen','options':{%s}}"
                        .formatted(worker, options)
                        .replace('\'', '"'));
    }

    private static String get(SocketAddress server) throws IOException {
        return assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> {
                    try (SocketChannel client = SocketChannel.open(server)) {
                        client.write(
                                ByteBuffer.wrap(
                                        "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                                                .getBytes(UTF_8)));
                        byte[] response = Channels.newInputStream(client).readAllBytes();
                        String text = new String(response, UTF_8);
                        return text.substring(text.indexOf("\r\n\r\n") + 4);
                    }
                });
    }

    private static void assertBothServe(SocketAddress server, String policy) throws IOException {
        List<String> bodies = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            bodies.add(get(server));
        }
        if (policy.equals("rr")) {
            String[] turns = {"java 1 /", "node 2 /"};
            assertThat(bodies)
                    .containsExactly(turns[0], turns[1], turns[0], turns[1], turns[0], turns[1]);
        } else {
            assertThat(bodies).containsAnyOf("java 1 /", "node 2 /").hasSize(6);
        }
    }

    /** Each serves alone when the other has gone. */
    private static void assertNodeServesAlone(Program primary, SocketAddress server)
            throws IOException {
        primary.tell("disconnect 1");
        primary.awaitLine("exit 1 .*true");
        assertThat(get(server)).isEqualTo("node 2 /");
    }

    @Rule("A6")
    @ParameterizedTest
    @Sampled({1, 4, 6, 7})
    @CsvSource({
        "java, V12_10, rr", "java, CURRENT, rr", "java, V12_10, none", "java, CURRENT, none",
        "node, V12_10, rr", "node, CURRENT, rr", "node, V12_10, none", "node, CURRENT, none"
    })
    void givenADescriptorOfThePrimary_whenBothListenOnIt_thenTheyShareIt(
            String kind, NodeVersion version, String policy) throws IOException {
        Program primary = mixed(kind, version, policy);
        primary.tell("socket");
        String[] socket = primary.awaitValue("socket").split(" ", 2);

        bothListen(primary, "'fd':" + socket[0]);

        InetSocketAddress server = loopback(Integer.parseInt(socket[1]));
        assertBothServe(server, policy);
        assertNodeServesAlone(primary, server);
    }

    @Rule("A9")
    @ParameterizedTest
    @Sampled({1, 4, 6, 7})
    @CsvSource({
        "java, V12_10, rr", "java, CURRENT, rr", "java, V12_10, none", "java, CURRENT, none",
        "node, V12_10, rr", "node, CURRENT, rr", "node, V12_10, none", "node, CURRENT, none"
    })
    void givenARelativePath_whenBothListenOnIt_thenItIsInTheirFolderUntilTheLastLeaves(
            String kind, NodeVersion version, String policy) throws IOException {
        Path file = folder.toRealPath().resolve("app.sock");
        Program primary = mixed(kind, version, policy);

        bothListen(primary, "'path':'app.sock'");

        UnixDomainSocketAddress server = UnixDomainSocketAddress.of(file);
        assertBothServe(server, policy);
        assertNodeServesAlone(primary, server);
        assertThat(file).exists();
        primary.tell("disconnect 2");
        primary.awaitLine("exit 2 .*true");
        assertThat(file).doesNotExist();
    }

    @Rule("A11")
    @ParameterizedTest
    @Sampled({1, 3, 5})
    @CsvSource({
        "java, V12_10, rr", "java, CURRENT, rr", "java, CURRENT, none",
        "node, V12_10, rr", "node, CURRENT, rr", "node, CURRENT, none"
    })
    void givenIpv6Only_whenBothListen_thenTheyShareThePortAndIpv4IsRefused(
            String kind, NodeVersion version, String policy) throws IOException {
        Program primary = mixed(kind, version, policy);

        bothListen(primary, "'port':0,'host':'::','ipv6Only':true");

        int port = primary.awaitNumbers("port 1", 2).getLast();
        assertBothServe(new InetSocketAddress(InetAddress.ofLiteral("::1"), port), policy);
        assertThatThrownBy(() -> get(loopback(port))).isInstanceOf(ConnectException.class);
    }

    @Rule("A11")
    @ParameterizedTest
    @CsvSource({"java, CURRENT, rr", "java, CURRENT, none", "node, CURRENT, rr"})
    void givenAllOfIpv4_whenBothListen_thenTheyShareThePortAndIpv6IsRefused(
            String kind, NodeVersion version, String policy) throws IOException {
        Program primary = mixed(kind, version, policy);

        bothListen(primary, "'port':0,'host':'0.0.0.0'");

        int port = primary.awaitNumbers("port 1", 2).getLast();
        assertBothServe(loopback(port), policy);
        assertThatThrownBy(() -> get(new InetSocketAddress(InetAddress.ofLiteral("::1"), port)))
                .isInstanceOf(ConnectException.class);
    }

    @Rule({"A10", "E1"})
    @ParameterizedTest
    @Sampled({2, 3})
    @CsvSource({"java, V12_10", "java, CURRENT", "node, V12_10", "node, CURRENT"})
    void givenExclusive_whenBothListen_thenEachHasItsOwnPortAndThatOfTheOtherIsInUse(
            String kind, NodeVersion version) throws IOException {
        Program primary = mixed(kind, version, "rr");

        bothListen(primary, "'port':0,'host':'127.0.0.1','exclusive':true");

        int javas = port(primary.awaitLines("bound 1", 2).getLast());
        int nodes = port(primary.awaitLine("bound 2 .*127"));
        assertThat(Client.get(javas, "/")).isEqualTo("java 1 /");
        assertThat(Client.get(nodes, "/")).isEqualTo("node 2 /");
        listen(primary, 1, "'port':" + nodes + ",'host':'127.0.0.1','exclusive':true");
        assertThat(primary.awaitValue("message 1"))
                .contains("java.net.BindException: Address already in use");
        listen(primary, 2, "'port':" + javas + ",'host':'127.0.0.1','exclusive':true");
        assertThat(primary.awaitValue("message 2")).contains("\"EADDRINUSE\"");
        assertThat(primary.values("port 1")).hasSize(1);
    }

    /** The last number of a line: {@code /127.0.0.1:80}, or the JSON of Node's address. */
    private static int port(String line) {
        return Integer.parseInt(line.replaceAll("\\D*$", "").replaceAll(".*\\D", ""));
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
    }
}
