package dev.prefork.it.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.prefork.Cluster;
import dev.prefork.ClusterSettings;
import dev.prefork.ListenOptions;
import dev.prefork.SchedulingPolicy;
import dev.prefork.it.support.Client;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;
import dev.prefork.posix.Fd;
import dev.prefork.posix.Sockets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Listening on what a bind of the JDK cannot say. */
class ListenIT {
    @RegisterExtension final Programs programs = new Programs();
    @TempDir Path folder;

    private Program start(String policy, Class<?> main, Object... arguments) {
        return programs.start(
                Command.java(main, arguments).with(SchedulingPolicy.VARIABLE, policy));
    }

    private static Set<String> idsAt(int port, int count) {
        Set<String> ids = new HashSet<>();
        await().until(
                        () -> {
                            ids.add(Client.read(port));
                            return ids.size() == count;
                        });
        return ids;
    }

    /** The primary has a bound socket; each worker listens on it, closes, and listens again. */
    static final class OfThePrimary {
        public static void main(String[] args) throws IOException {
            if (Cluster.isPrimary()) {
                Serving.printEvents();
                Fd bound = Sockets.open(StandardProtocolFamily.INET, Sockets.Type.STREAM);
                Sockets.bind(
                        bound.number(),
                        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
                Serving.say("bound", Serving.port(Sockets.localAddress(bound.number())));
                Serving.say("fd", bound.number());
                Cluster.fork(Map.of("NUMBER", "" + bound.number()));
                Cluster.fork(Map.of("NUMBER", "" + bound.number()));
                System.in.read();
            } else {
                int number = Integer.parseInt(System.getenv("NUMBER"));
                Serving.sayId(ListenOptions.fd(number)).close();
                ServerSocketChannel again = Serving.sayId(ListenOptions.fd(number));
                Serving.say("again", Serving.port(again.getLocalAddress()));
                Serving.sayId(ListenOptions.fd(0));
            }
        }
    }

    @Rule("A6")
    @ParameterizedTest
    @ValueSource(strings = {"rr", "none"})
    void givenADescriptorOfThePrimary_whenWorkersListenOnItsNumber_thenTheyShareIt(String policy) {
        Program primary = start(policy, OfThePrimary.class);
        int port = primary.awaitNumber("bound");
        int fd = primary.awaitNumber("fd");

        assertThat(primary.awaitNumbers("again", 2)).containsExactly(port, port);

        assertThat(primary.awaitNumbers("port 1", 2)).containsExactly(port, port);
        assertThat(primary.awaitValue("listening 2")).isEqualTo("null DESCRIPTOR " + fd);
        assertThat(idsAt(port, 2)).containsExactlyInAnyOrder("1", "2");
        assertThat(primary.awaitLines("refused \\d SocketException Socket operation on non", 2))
                .hasSize(2);
    }

    /** Two workers, each with a port of its own, and one that both want alone. */
    static final class Exclusive {
        public static void main(String[] args) throws IOException {
            if (Cluster.isPrimary()) {
                Serving.printEvents();
                Cluster.fork(Map.of("WANTED", args[0]));
                Cluster.fork(Map.of("WANTED", args[0]));
                System.in.read();
            } else {
                ListenOptions random = ListenOptions.port(0).host("127.0.0.1").exclusive();
                ServerSocketChannel own = Serving.sayId(random);
                Serving.say("own", Serving.port(own.getLocalAddress()));
                int wanted = Integer.parseInt(System.getenv("WANTED"));
                if (Serving.sayId(ListenOptions.port(wanted).host("127.0.0.1").exclusive())
                        != null) {
                    Serving.say("first", Cluster.worker().id());
                }
            }
        }
    }

    @Rule("A10")
    @Test
    void givenExclusiveListens_whenTwoWorkersMakeThem_thenEachHasItsOwnOrTheAddressIsInUse()
            throws IOException {
        Program primary = start("rr", Exclusive.class, freePort());

        List<Integer> own = primary.awaitNumbers("own", 2);

        assertThat(own).doesNotHaveDuplicates();
        assertThat(Set.of(Client.read(own.get(0)), Client.read(own.get(1))))
                .containsExactlyInAnyOrder("1", "2");
        primary.awaitLine("first");
        primary.awaitLine("refused \\d BindException Address already in use");
        assertThat(primary.values("port")).isEmpty();
    }

    private static int freePort() throws IOException {
        try (ServerSocketChannel free = ServerSocketChannel.open()) {
            return Serving.port(free.bind(new InetSocketAddress("127.0.0.1", 0)).getLocalAddress());
        }
    }

    /** An unmodified server on a port that a property makes exclusive. */
    static final class ExclusiveByProperty {
        public static void main(String[] args) throws IOException {
            if (Cluster.isPrimary()) {
                Cluster.setupPrimary(
                        ClusterSettings.builder()
                                .execArgv("-Ddev.prefork.ports=0=private")
                                .build());
                Cluster.fork();
                Cluster.fork();
                System.in.read();
            } else {
                ServerSocketChannel server = ServerSocketChannel.open();
                server.bind(new InetSocketAddress("127.0.0.1", 0));
                Serving.say("own", Serving.port(server.getLocalAddress()));
            }
        }
    }

    @Rule("A10")
    @Test
    void givenAnExclusivePortInTheSettings_whenUnmodifiedServersBindIt_thenEachHasItsOwn() {
        Program primary = start("rr", ExclusiveByProperty.class);

        assertThat(primary.awaitNumbers("own", 2)).doesNotHaveDuplicates();
    }

    /** Two servers: IPv6 alone, and both. */
    static final class Ipv6 {
        public static void main(String[] args) throws IOException {
            if (Cluster.isPrimary()) {
                Serving.printEvents();
                Cluster.fork();
                System.in.read();
            } else {
                ServerSocketChannel six = Serving.sayId(ListenOptions.port(0).ipv6Only());
                Serving.say("six", Serving.port(six.getLocalAddress()));
                ServerSocketChannel both = Serving.sayId(ListenOptions.port(0));
                Serving.say("both", Serving.port(both.getLocalAddress()));
                ServerSocketChannel own =
                        Serving.sayId(ListenOptions.port(0).ipv6Only().exclusive());
                Serving.say("own", Serving.port(own.getLocalAddress()));
            }
        }
    }

    @Rule("A11")
    @ParameterizedTest
    @ValueSource(strings = {"rr", "none"})
    void givenIpv6Only_whenClientsComeByIpv4_thenOnlyTheDualStackServerTakesThem(String policy)
            throws IOException {
        Program primary = start(policy, Ipv6.class);
        int six = primary.awaitNumber("six");
        int own = primary.awaitNumber("own");

        assertThat(idsAt(primary.awaitNumber("both"), 1)).containsExactly("1");
        for (int port : new int[] {six, own}) {
            assertThatThrownBy(() -> new Socket("127.0.0.1", port).close())
                    .isInstanceOf(ConnectException.class);
            try (Socket client = new Socket("::1", port)) {
                assertThat(client.getInputStream().readAllBytes()).containsExactly('1');
            }
        }
        assertThat(primary.awaitLines("listening 1 ", 2))
                .containsExactly("listening 1 :: TCP6 none", "listening 1 null TCP4 none");
    }

    /** Two workers on a Unix socket in their own directory; they close it when they are told. */
    static final class Unix {
        public static void main(String[] args) throws IOException {
            if (Cluster.isPrimary()) {
                Serving.printEvents();
                Cluster.setupPrimary(ClusterSettings.builder().cwd(Path.of(args[0])).build());
                Cluster.fork();
                Cluster.fork();
                System.in.read();
                var _ = Cluster.disconnect();
            } else {
                Serving.sayId(ListenOptions.path(Path.of(args[1])).readableAll().writableAll());
            }
        }
    }

    @Rule({"A9", "D5", "A33"})
    @ParameterizedTest
    @ValueSource(strings = {"rr", "none"})
    void givenARelativePath_whenWorkersListenOnIt_thenItIsInTheirFolderUntilTheLastLeaves(
            String policy) throws IOException {
        Path socket = folder.toRealPath().resolve("app.sock");
        Program primary = start(policy, Unix.class, folder, "app.sock");

        primary.awaitLine("port 1 -1");
        primary.awaitLine("port 2 -1");

        assertThat(primary.awaitValue("listening 1")).isEqualTo(socket + " UNIX none");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                .matches("rw.rw.rw.");
        Set<String> ids = new HashSet<>();
        await().until(
                        () -> {
                            ids.add(read(socket));
                            return ids.size() == 2;
                        });
        primary.tell("end");
        primary.awaitLine("exit 1 code 0");
        primary.awaitLine("exit 2 code 0");
        assertThat(socket).doesNotExist();
    }

    private static String read(Path socket) throws IOException {
        try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            ByteBuffer data = ByteBuffer.allocate(10);
            client.read(data);
            return new String(
                    data.array(), 0, data.position(), java.nio.charset.StandardCharsets.UTF_8);
        }
    }

    @Rule("A9")
    @Test
    void givenAPathOfMoreThan107Bytes_whenItIsShortFromThePrimary_thenItIsListenedOn()
            throws Exception {
        Path deep = folder.toRealPath().resolve("x".repeat(120));
        Files.createDirectory(deep);
        Path socket = deep.resolve("app.sock");
        Command java = Command.java(Unix.class, folder, socket);
        List<String> words = new ArrayList<>(List.of("env", "-C", deep.toString()));
        words.addAll(java.words());
        Program primary = programs.start(new Command(words, java.environment()));

        primary.awaitLine("port 1 -1");

        assertThat(socket).exists();
    }

    @Rule({"A9", "E1"})
    @Test
    void givenAPathThatNoWayIsShortTo_whenAWorkerListensOnIt_thenItIsRefused() throws IOException {
        Path deep = folder.toRealPath().resolve("x".repeat(120));
        Files.createDirectory(deep);

        Program primary = start("rr", Unix.class, folder, deep.resolve("app.sock"));

        primary.awaitLine("refused 1 SocketException File name too long");
        primary.awaitLine("refused 2");
        assertThat(primary.isAlive()).isTrue();
    }

    /** Listens and never accepts. */
    static final class Backlog {
        public static void main(String[] args) throws IOException {
            if (Cluster.isPrimary()) {
                Serving.printEvents();
                Cluster.fork();
                System.in.read();
            } else {
                var _ = Cluster.listen(ListenOptions.port(0).host("127.0.0.1").backlog(3));
                Cluster.worker().disconnected().join();
            }
        }
    }

    /** The kernel keeps one more than the backlog, and lets the others wait outside. */
    @Rule("D5")
    @Test
    void givenABacklog_whenNobodyAccepts_thenTheKernelKeepsThatManyConnections()
            throws IOException {
        Program primary = start("none", Backlog.class);
        InetSocketAddress address =
                new InetSocketAddress("127.0.0.1", primary.awaitNumber("port 1"));
        List<Socket> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) {
                clients.add(new Socket());
                clients.getLast().connect(address, 5000);
            }
            clients.add(new Socket());
            assertThatThrownBy(() -> clients.getLast().connect(address, 300))
                    .isInstanceOf(SocketTimeoutException.class);
        } finally {
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    /** In a process that is no worker. */
    static final class Plain {
        public static void main(String[] args) throws IOException {
            Path path = Path.of(args[0]);
            try (ServerSocketChannel port = Cluster.listen(ListenOptions.port(0).backlog(5));
                    ServerSocketChannel six = Cluster.listen(ListenOptions.port(0).ipv6Only());
                    ServerSocketChannel unix =
                            Cluster.listen(ListenOptions.path(path).writableAll());
                    Fd bound = Sockets.open(StandardProtocolFamily.INET, Sockets.Type.STREAM)) {
                InetSocketAddress loopback =
                        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
                Sockets.bind(bound.number(), loopback);
                try (ServerSocketChannel mine = Cluster.listen(ListenOptions.fd(bound.number()))) {
                    Serving.say("port", Serving.port(port.getLocalAddress()));
                    Serving.say("six", six.getLocalAddress());
                    Serving.say("unix", unix.getLocalAddress());
                    SocketChannel client = SocketChannel.open(mine.getLocalAddress());
                    Serving.say(
                            "accepted",
                            mine.accept().getRemoteAddress().equals(client.getLocalAddress()));
                }
                System.in.read();
            }
        }
    }

    @Rule({"A6", "A9", "A11"})
    @Test
    void givenNoWorker_whenAProgramListens_thenItIsThePlainThing() throws IOException {
        Path socket = folder.resolve("plain.sock");
        Command java = Command.java(Plain.class, socket);
        List<String> words = new ArrayList<>(java.words());
        words.addAll(
                1,
                List.of(
                        "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                        "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED"));
        Program plain = programs.start(new Command(words, java.environment()));

        assertThat(plain.awaitNumber("port")).isPositive();
        assertThat(plain.awaitValue("unix")).isEqualTo(socket.toString());
        assertThat(plain.awaitValue("accepted")).isEqualTo("true");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                .matches(".w..w..w.");
    }
}
