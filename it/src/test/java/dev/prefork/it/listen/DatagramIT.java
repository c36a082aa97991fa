package dev.prefork.it.listen;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.prefork.Cluster;
import dev.prefork.ListenOptions;
import dev.prefork.SchedulingPolicy;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;
import dev.prefork.it.support.Signals;
import dev.prefork.posix.Fd;
import dev.prefork.posix.Sockets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Workers that share one datagram socket of the primary, with unmodified channels. */
@Rule({"A12", "D3", "D4"})
class DatagramIT {
    @RegisterExtension final Programs programs = new Programs();

    private Program start(String policy, Class<?> main, Object... arguments) {
        return programs.start(
                Command.java(main, arguments).with(SchedulingPolicy.VARIABLE, policy));
    }

    /** Sends a datagram, again if it is lost, and returns what is answered. */
    static String ask(int port, String text) throws IOException {
        try (DatagramSocket client = new DatagramSocket()) {
            client.setSoTimeout(1000);
            InetSocketAddress target =
                    new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
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

    /** Two echo workers: with a blocking channel, its socket, or a selector; id 1 or 2 is which. */
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
            DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET);
            channel.setOption(StandardSocketOptions.SO_BROADCAST, true);
            // As it is: it must not become the shared socket's.
            channel.setOption(StandardSocketOptions.SO_REUSEPORT, false);
            InetSocketAddress any = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
            switch (args[0]) {
                case "blocking" -> {
                    channel.bind(any);
                    Serving.echoAll(channel);
                }
                case "virtual" -> {
                    channel.bind(any);
                    Thread.ofVirtual().start(() -> Serving.echoAll(channel));
                }
                case "socket" -> {
                    channel.socket().bind(any);
                    Thread.ofPlatform().start(() -> echoAll(channel.socket()));
                }
                case "selector" -> select(channel, any);
                default -> throw new IllegalArgumentException(args[0]);
            }
            Serving.say(
                    "bound",
                    Serving.port(channel.getLocalAddress()),
                    channel.getOption(StandardSocketOptions.SO_BROADCAST));
        }

        private static void echoAll(DatagramSocket socket) {
            try {
                while (true) {
                    DatagramPacket packet = new DatagramPacket(new byte[100], 100);
                    socket.receive(packet);
                    String text = new String(packet.getData(), 0, packet.getLength(), UTF_8);
                    byte[] answer = (Cluster.worker().id() + " " + text).getBytes(UTF_8);
                    packet.setData(answer);
                    socket.send(packet);
                }
            } catch (IOException e) {
                Serving.say("ended", e);
            }
        }

        /** The selector has looked at the channel, and waits on it, when it is bound. */
        private static void select(DatagramChannel channel, InetSocketAddress any)
                throws IOException {
            Selector selector = Selector.open();
            channel.configureBlocking(false);
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
            selector.selectNow();
            Thread.ofPlatform()
                    .start(
                            () -> {
                                try {
                                    while (true) {
                                        selector.select();
                                        if (selector.selectedKeys().remove(key)) {
                                            Serving.echo(channel);
                                        }
                                    }
                                } catch (IOException e) {
                                    Serving.say("ended", e);
                                }
                            });
            channel.bind(any);
        }
    }

    @Rule({"A33", "B2"})
    @ParameterizedTest
    @ValueSource(
            strings = {
                "rr blocking",
                "none blocking",
                "rr socket",
                "rr virtual",
                "rr selector",
                "reuseport blocking",
                "reuseport selector"
            })
    void givenTwoWorkers_whenTheyBindTheSamePort_thenEitherAnswersUntilBothAreGone(String how)
            throws IOException {
        String[] words = how.split(" ", -1);
        Program primary = start(words[0], Echo.class, words[1]);
        int port = primary.awaitNumber("port 1");
        assertThat(primary.awaitNumber("port 2")).isEqualTo(port);
        assertThat(primary.awaitValues("bound", 2))
                .isEqualTo(List.of(port + " true", port + " true"));
        assertThat(primary.awaitValue("listening 2")).isEqualTo("127.0.0.1 UDP4 -1");

        for (int i = 0; i < 20; i++) {
            assertThat(ask(port, "text " + i)).matches("[12] text " + i);
        }
        Signals.send("KILL", primary.awaitNumber("pid 1"));
        primary.awaitLine("exit 1 ");
        for (int i = 0; i < 5; i++) {
            assertThat(ask(port, "after")).isEqualTo("2 after");
        }

        primary.tell("end");
        primary.awaitLine("all disconnected");
        primary.awaitLine("exit 2 code 0");
        try (DatagramSocket free = new DatagramSocket(port)) {
            assertThat(free.isBound()).isTrue();
        }
    }

    /** The kernel gives a datagram to whoever asks for one. */
    @Test
    void givenAStoppedWorker_whenDatagramsCome_thenTheOtherAnswersThem() throws IOException {
        Program primary = start("rr", Echo.class, "blocking");
        int port = primary.awaitNumber("port 1");
        primary.awaitNumber("port 2");

        Signals.stop(primary.awaitNumber("pid 1"));

        Set<String> answers = new HashSet<>();
        for (int i = 0; i < 5; i++) {
            answers.add(ask(port, "x"));
        }
        assertThat(answers).containsExactly("2 x");
    }

    /** What is not shared, and what cannot be. */
    static final class Binding {
        public static void main(String[] args) throws IOException {
            if (Cluster.isPrimary()) {
                Serving.printEvents();
                Cluster.fork();
                Cluster.fork();
                System.in.read();
                return;
            }
            InetSocketAddress any = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
            DatagramChannel sends = DatagramChannel.open(StandardProtocolFamily.INET);
            sends.send(Serving.bytes("x"), new InetSocketAddress(any.getAddress(), 9));
            Serving.say("implicit", Serving.port(sends.getLocalAddress()));
            Serving.say("null", Serving.port(DatagramChannel.open().bind(null).getLocalAddress()));
            Serving.say(
                    "exclusive",
                    Serving.port(
                            Cluster.bind(ListenOptions.port(0).exclusive()).getLocalAddress()));
            DatagramChannel reuse = DatagramChannel.open();
            reuse.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            Serving.say("kernel", Serving.port(reuse.bind(any).getLocalAddress()));
            try {
                DatagramChannel.open(StandardProtocolFamily.INET)
                        .bind(new InetSocketAddress(any.getAddress(), Integer.parseInt(args[0])));
            } catch (BindException e) {
                Serving.say("refused", e.getMessage());
            }
            // Two of this worker are two; the other worker has the same two.
            DatagramChannel first = DatagramChannel.open().bind(any);
            DatagramChannel second = DatagramChannel.open().bind(any);
            Serving.say(
                    "shared",
                    Serving.port(first.getLocalAddress()),
                    Serving.port(second.getLocalAddress()));
        }
    }

    @Rule({"A8", "A10", "E1"})
    @Test
    void givenBindsOfEveryKind_whenTwoWorkersMakeThem_thenOnlyTheNamedOnesAreShared()
            throws IOException {
        try (DatagramSocket taken = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"))) {
            Program primary = start("rr", Binding.class, taken.getLocalPort());

            assertThat(primary.awaitNumbers("implicit", 2)).doesNotHaveDuplicates();
            assertThat(primary.awaitNumbers("null", 2)).doesNotHaveDuplicates();
            assertThat(primary.awaitNumbers("exclusive", 2)).doesNotHaveDuplicates();
            assertThat(primary.awaitNumbers("kernel", 2)).doesNotHaveDuplicates();
            assertThat(primary.awaitValues("refused", 2))
                    .isEqualTo(List.of("Address already in use", "Address already in use"));
            List<String> shared = primary.awaitValues("shared", 2);
            assertThat(shared.get(0)).isEqualTo(shared.get(1));
            assertThat(shared.get(0).split(" ", -1)).doesNotHaveDuplicates();
            assertThat(primary.awaitValue("listening 1")).isEqualTo("::ffff:127.0.0.1 UDP6 -1");
        }
    }

    /** A descriptor of the primary, IPv6 alone, and an address taken over. */
    static final class Forms {
        public static void main(String[] args) throws IOException {
            if (Cluster.isPrimary()) {
                Serving.printEvents();
                Fd bound = Sockets.open(StandardProtocolFamily.INET, Sockets.Type.DATAGRAM);
                Sockets.bind(
                        bound.number(),
                        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
                Serving.say("bound", Serving.port(Sockets.localAddress(bound.number())));
                Cluster.fork(Map.of("NUMBER", "" + bound.number()));
                System.in.read();
                return;
            }
            int number = Integer.parseInt(System.getenv("NUMBER"));
            DatagramChannel fd = Cluster.bind(ListenOptions.fd(number));
            Serving.echoAll(fd);
            DatagramChannel six = Cluster.bind(ListenOptions.port(0).ipv6Only());
            int port = Serving.port(six.getLocalAddress());
            DatagramChannel four = Cluster.bind(ListenOptions.port(port).host("127.0.0.1"));
            Serving.say("both", port, Serving.port(four.getLocalAddress()));
            Serving.echoAll(four);
            int taken = Integer.parseInt(args[0]);
            Cluster.bind(ListenOptions.port(taken).host("127.0.0.1").reuseAddr());
            Serving.say("reused", taken);
        }
    }

    @Rule({"A6", "A11"})
    @ParameterizedTest
    @ValueSource(strings = {"rr", "none", "reuseport"})
    void givenADescriptorIpv6OnlyAndReuseAddr_whenAWorkerBinds_thenTheyAreHonoured(String policy)
            throws IOException {
        try (DatagramSocket taken = new DatagramSocket(null)) {
            taken.setReuseAddress(true);
            taken.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
            Program primary = start(policy, Forms.class, taken.getLocalPort());
            int fd = primary.awaitNumber("bound");

            assertThat(ask(fd, "by number")).isEqualTo("1 by number");
            String[] both = primary.awaitValue("both").split(" ", -1);
            assertThat(both[0]).isEqualTo(both[1]);
            assertThat(ask(Integer.parseInt(both[1]), "by IPv4")).isEqualTo("1 by IPv4");
            assertThat(primary.awaitNumber("reused")).isEqualTo(taken.getLocalPort());
            // Told by the primary, on another way than what the worker prints.
            primary.awaitLine("listening 1 :: UDP6 -1");
        }
    }
}
