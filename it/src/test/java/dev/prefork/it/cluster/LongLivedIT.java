package dev.prefork.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.Cluster;
import dev.prefork.SchedulingPolicy;
import dev.prefork.it.support.Client;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.Descriptors;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;
import dev.prefork.it.support.Sampled;
import dev.prefork.it.support.Signals;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;

/** Primaries and workers that live long have no more descriptors than at their beginning. */
class LongLivedIT {
    @RegisterExtension final Programs programs = new Programs();

    private Program start(Class<?> main, String policy) {
        return programs.start(Command.java(main).with(SchedulingPolicy.VARIABLE, policy));
    }

    /** One worker with one server; every line on the primary's stdin is an order to the worker. */
    static final class LongLivedWorker {
        public static void main(String[] args) throws IOException {
            if (Cluster.isPrimary()) {
                Events.print();
                Cluster.fork();
                Commands.forEach(order -> Cluster.workers().get(1).send(order));
            } else {
                Servers.sayId(0);
                Cluster.worker().onMessage(order -> carryOut(order.toString()));
            }
        }

        private static void carryOut(String order) {
            try {
                switch (order) {
                    case "listen" -> listen();
                    case "datagrams" -> datagrams();
                    default -> throw new IllegalArgumentException(order);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void listen() throws IOException {
            try (ServerSocketChannel server = ServerSocketChannel.open()) {
                server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                Events.say("opened", Servers.port(server));
                server.accept().close();
            }
            Events.say("closed");
        }

        private static void datagrams() throws IOException {
            try (DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET)) {
                channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                Events.say("opened", channel.socket().getLocalPort());
                channel.receive(ByteBuffer.allocate(10));
            }
            Events.say("closed");
        }
    }

    @Rule({"A2", "A4", "A5"})
    @ParameterizedTest
    @Sampled(1)
    @ValueSource(strings = {"rr", "none"})
    void givenALongLivedWorker_whenConnectionsComeAndGo_thenNoDescriptorIsLeft(String policy)
            throws IOException {
        Program primary = start(LongLivedWorker.class, policy);
        int port = primary.awaitNumber("port 1");

        Descriptors.awaitNoMoreAfterRounds(
                number -> {
                    for (int i = 0; i < 20; i++) {
                        assertThat(Client.read(port)).isEqualTo("1");
                    }
                },
                primary.pid(),
                primary.awaitNumber("pid 1"));
    }

    @Rule({"A2", "A8"})
    @ParameterizedTest
    @Sampled(2)
    @ValueSource(strings = {"rr", "none"})
    void givenALongLivedWorker_whenItListensAndCloses_thenNoDescriptorIsLeft(String policy)
            throws IOException {
        Program primary = start(LongLivedWorker.class, policy);
        primary.awaitNumber("port 1");

        Descriptors.awaitNoMoreAfterRounds(
                number -> {
                    primary.tell("listen");
                    assertThat(Client.read(primary.awaitNumbers("opened", number).getLast()))
                            .isEmpty();
                    primary.awaitLines("closed", number);
                },
                primary.pid(),
                primary.awaitNumber("pid 1"));
    }

    @Rule({"A2", "A12"})
    @ParameterizedTest
    @Sampled(1)
    @ValueSource(strings = {"rr", "none"})
    void givenALongLivedWorker_whenItBindsDatagramsAndCloses_thenNoDescriptorIsLeft(String policy)
            throws IOException {
        Program primary = start(LongLivedWorker.class, policy);
        primary.awaitNumber("port 1");

        Descriptors.awaitNoMoreAfterRounds(
                number -> {
                    primary.tell("datagrams");
                    sendDatagram(primary.awaitNumbers("opened", number).getLast());
                    primary.awaitLines("closed", number);
                },
                primary.pid(),
                primary.awaitNumber("pid 1"));
    }

    private static void sendDatagram(int port) throws IOException {
        try (DatagramSocket client = new DatagramSocket()) {
            InetAddress loopback = InetAddress.getLoopbackAddress();
            client.send(new DatagramPacket(new byte[1], 1, loopback, port));
        }
    }

    /** Rounds of workers in one primary: told to fork one, and to disconnect it. */
    static final class LongLivedPrimary {
        public static void main(String[] args) throws IOException {
            if (Cluster.isPrimary()) {
                Events.print();
                Commands.forEach(LongLivedPrimary::carryOut);
            } else {
                Servers.sayId(0);
            }
        }

        private static void carryOut(String command) {
            switch (command) {
                case "fork" -> Cluster.fork();
                case "disconnect" -> Cluster.disconnect(() -> {});
                default -> throw new IllegalArgumentException(command);
            }
        }
    }

    @Rule("A2")
    @ParameterizedTest
    @Sampled({1, 4})
    @CsvSource({"rr, disconnect", "rr, kill", "none, disconnect", "none, kill"})
    void givenALongLivedPrimary_whenWorkersComeAndGo_thenNoDescriptorIsLeft(
            String policy, String end) throws IOException {
        Program primary = start(LongLivedPrimary.class, policy);

        Descriptors.awaitNoMoreAfterRounds(
                id -> {
                    primary.tell("fork");
                    int port = primary.awaitNumber("port " + id);
                    assertThat(Client.read(port)).isEqualTo("" + id);
                    if (end.equals("kill")) {
                        Signals.send("KILL", primary.awaitNumber("pid " + id));
                    } else {
                        primary.tell("disconnect");
                    }
                    primary.awaitLine("exit " + id + " ");
                    primary.awaitLine("disconnect " + id + " ");
                },
                primary.pid());

        assertThat(ProcessHandle.of(primary.pid()).orElseThrow().children()).isEmpty();
    }
}
