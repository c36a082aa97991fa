package dev.prefork.it.listen;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.prefork.Cluster;
import dev.prefork.SchedulingPolicy;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;
import dev.prefork.it.support.Signals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;

/** Workers that share what a java.net.DatagramSocket is bound to, in an unmodified program. */
@Rule({"A12", "D3"})
class DatagramSocketIT {
    @RegisterExtension final Programs programs = new Programs();

    /** Two echo workers: arguments are the kind of socket, the kind of thread and the port. */
    static final class Echo {
        public static void main(String[] args) throws IOException {
            if (Cluster.isPrimary()) {
                Serving.printEvents();
                Cluster.onOnline(worker -> Serving.say("pid", worker.id(), worker.process().pid()));
                Cluster.fork();
                Cluster.fork();
                System.in.read();
                Cluster.disconnect(() -> Serving.say("all disconnected"));
                return;
            }
            try (DatagramSocket client = new DatagramSocket();
                    DatagramSocket zero = new DatagramSocket(0);
                    MulticastSocket multicast = new MulticastSocket()) {
                Serving.say("client", client.getLocalPort());
                Serving.say("zero", zero.getLocalPort());
                Serving.say("multicast", multicast.getLocalPort());
            }
            DatagramSocket socket = open(args[0], Integer.parseInt(args[2]));
            Serving.say("bound", socket.getLocalPort(), socket.getBroadcast());
            Thread.Builder threads =
                    args[1].equals("virtual") ? Thread.ofVirtual() : Thread.ofPlatform();
            threads.start(() -> echoAll(socket));
        }

        private static DatagramSocket open(String kind, int port) throws IOException {
            InetSocketAddress address =
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            return switch (kind) {
                case "constructor" -> new DatagramSocket(port, address.getAddress());
                case "bind" -> {
                    DatagramSocket socket = new DatagramSocket(null);
                    socket.bind(address);
                    yield socket;
                }
                default -> throw new IllegalArgumentException(kind);
            };
        }

        private static void echoAll(DatagramSocket socket) {
            try {
                while (true) {
                    DatagramPacket packet = new DatagramPacket(new byte[100], 100);
                    socket.receive(packet);
                    String text = new String(packet.getData(), 0, packet.getLength(), UTF_8);
                    packet.setData((Cluster.worker().id() + " " + text).getBytes(UTF_8));
                    socket.send(packet);
                }
            } catch (IOException e) {
                Serving.say("ended", e);
            }
        }
    }

    /** Two workers that are found by a group of addresses. */
    static final class Discovery {
        public static void main(String[] args) throws IOException {
            if (Cluster.isPrimary()) {
                Cluster.fork();
                Cluster.fork();
                return;
            }
            MulticastSocket socket = new MulticastSocket(Integer.parseInt(args[0]));
            NetworkInterface loopback =
                    NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress());
            socket.joinGroup(new InetSocketAddress(GROUP, 0), loopback);
            Serving.say("joined", Cluster.worker().id());
            DatagramPacket packet = new DatagramPacket(new byte[100], 100);
            socket.receive(packet);
            Serving.say("heard", new String(packet.getData(), 0, packet.getLength(), UTF_8));
            Cluster.worker().kill();
        }
    }

    private static final InetAddress GROUP = InetAddress.ofLiteral("239.255.7.7");

    /** Sharing would give each datagram to one of them, and refuse the second to join. */
    @Test
    void givenAMulticastSocket_whenTwoWorkersJoinAGroup_thenEachHearsIt() throws IOException {
        int port;
        try (DatagramSocket probe = new DatagramSocket(0)) {
            port = probe.getLocalPort();
        }
        Program primary = programs.start(Command.java(Discovery.class, port));
        primary.awaitLines("joined", 2);

        try (MulticastSocket sender = new MulticastSocket()) {
            sender.setNetworkInterface(
                    NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress()));
            byte[] text = "anybody".getBytes(UTF_8);
            sender.send(new DatagramPacket(text, text.length, GROUP, port));
        }

        assertThat(primary.awaitValues("heard", 2)).containsExactly("anybody", "anybody");
        assertThat(primary.awaitEnd()).isZero();
    }

    @Rule({"A33", "B2"})
    @ParameterizedTest
    @CsvSource({"rr, constructor, platform", "none, constructor, virtual", "rr, bind, virtual"})
    void givenTwoWorkers_whenTheyBindAPort_thenEitherAnswersUntilBothAreGone(
            String policy, String kind, String thread) throws IOException {
        int port;
        try (DatagramSocket probe = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            port = probe.getLocalPort();
        }
        Program primary =
                programs.start(
                        Command.java(Echo.class, kind, thread, port)
                                .with(SchedulingPolicy.VARIABLE, policy));
        assertThat(primary.awaitValues("bound", 2)).containsExactly(port + " true", port + " true");
        assertThat(primary.awaitValue("listening 1")).isEqualTo("::ffff:127.0.0.1 UDP6 -1");
        assertThat(primary.awaitNumbers("client", 2)).doesNotHaveDuplicates();
        assertThat(primary.awaitNumbers("zero", 2)).doesNotHaveDuplicates();
        assertThat(primary.awaitNumbers("multicast", 2)).doesNotHaveDuplicates();
        assertThat(primary.awaitNumbers("port 2", 1)).containsExactly(port);

        for (int i = 0; i < 10; i++) {
            assertThat(DatagramIT.ask(port, "text " + i)).matches("[12] text " + i);
        }
        Signals.stop(primary.awaitNumber("pid 1"));
        assertThat(DatagramIT.ask(port, "stopped")).isEqualTo("2 stopped");
        Signals.send("KILL", primary.awaitNumber("pid 1"));
        primary.awaitLine("exit 1 ");
        assertThat(DatagramIT.ask(port, "after")).isEqualTo("2 after");

        primary.tell("end");
        primary.awaitLine("all disconnected");
        primary.awaitLine("exit 2 code 0");
        assertThat(primary.lines()).noneMatch(line -> line.startsWith("ended"));
        try (DatagramSocket free = new DatagramSocket(port, InetAddress.getLoopbackAddress())) {
            assertThat(free.isBound()).isTrue();
        }
    }
}
