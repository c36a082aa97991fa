package dev.prefork.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.prefork.Cluster;
import dev.prefork.Worker;
import dev.prefork.it.support.Client;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;
import dev.prefork.it.support.Sampled;
import dev.prefork.it.support.Signals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/** How workers end, and how that is told. */
class WorkerEndIT {
    @RegisterExtension final Programs programs = new Programs();

    /** A worker whose end is the first argument. */
    static final class OneEnd {
        public static void main(String[] args) throws IOException {
            if (Cluster.isPrimary()) {
                Events.print();
                Worker worker = Cluster.fork();
                Cluster.onListening((ready, address) -> end(args[0], worker));
            } else {
                ServerSocketChannel server = Servers.sayId(0);
                Cluster.worker()
                        .onMessage(message -> Runtime.getRuntime().halt(message.as(int.class)));
                end(args[0], server);
            }
        }

        private static void end(String how, Worker worker) {
            switch (how) {
                case "disconnect" -> Events.say("same", worker.disconnect().equals(worker));
                case "kill" -> worker.kill();
                case "destroy" -> worker.destroy();
                case "process kill" -> Events.say("sent", worker.process().kill());
                case "process SIGKILL" -> worker.process().kill("SIGKILL");
                case "halt" -> worker.send(42);
                default -> {} // It is the worker that ends itself.
            }
        }

        private static void end(String how, ServerSocketChannel server) throws IOException {
            switch (how) {
                case "exit 0" -> System.exit(0);
                case "exit 3" -> System.exit(3);
                case "exit 143" -> System.exit(143);
                case "exit 137" -> System.exit(137);
                case "exception" -> {
                    server.close();
                    throw new IllegalStateException("the worker's own fault");
                }
                case "self disconnect" -> Cluster.worker().disconnect();
                case "self kill" -> Cluster.worker().kill();
                default -> {} // It is the primary that ends it.
            }
        }
    }

    @Rule({"A17", "A19", "A20", "A23", "A24", "A31", "D8"})
    @ParameterizedTest
    @CsvSource({
        "exit 0,          code 0,         false",
        "exit 3,          code 3,         false",
        "exit 143,        code 143,       false",
        "exit 137,        code 137,       false",
        "halt,            code 42,        false",
        "self disconnect, code 0,         true",
        "self kill,       code 0,         true",
        "disconnect,      code 0,         true",
        "process kill,    signal SIGTERM, false",
        "process SIGKILL, signal SIGKILL, false",
    })
    void whenAWorkerEnds_thenCodeOrSignalAreExactAndItIsKnownWhetherItWasAskedFor(
            String how, String end, String voluntary) {
        Program primary = programs.java(OneEnd.class, how);

        assertThat(primary.awaitValue("exit 1")).isEqualTo(end + " " + voluntary);
        assertThat(primary.awaitValue("disconnect 1")).isEqualTo(voluntary);
        assertThat(primary.awaitEnd()).isZero();
    }

    /** It has no more to do after the disconnect, so it may exit before the signal comes. */
    @Rule({"A20", "A23"})
    @ParameterizedTest
    @ValueSource(strings = {"kill", "destroy"})
    void whenAWorkerIsKilled_thenItEndsByItselfOrByTheSignal(String how) {
        Program primary = programs.java(OneEnd.class, how);

        assertThat(primary.awaitValue("exit 1")).isIn("code 0 true", "signal SIGTERM true");
        assertThat(primary.awaitEnd()).isZero();
    }

    @Rule("A17")
    @Test
    void whenAWorkersMainThrows_thenTheWorkerExitsWithCodeOne() {
        Program primary = programs.java(OneEnd.class, "exception");

        assertThat(primary.awaitValue("exit 1")).isEqualTo("code 1 false");
        primary.awaitLine(".*IllegalStateException: the worker's own fault");
    }

    /** A worker that never leaves its own code, with signals that are told it on stdin. */
    static final class Spinning {
        public static void main(String[] args) {
            if (Cluster.isPrimary()) {
                Events.print();
                Worker worker = Cluster.fork();
                Commands.forEach(worker::kill);
            } else {
                if (args.length > 0) {
                    Runtime.getRuntime().addShutdownHook(new Thread(Spinning::hang));
                }
                Events.say("spinning");
                while (true) {
                    Thread.onSpinWait();
                }
            }
        }

        private static void hang() {
            while (true) {
                LockSupport.park();
            }
        }
    }

    @Rule({"A20", "A23"})
    @ParameterizedTest
    @Sampled({1, 3})
    @ValueSource(strings = {"SIGTERM", "SIGINT", "SIGKILL"})
    void givenAWorkerThatSpins_whenItIsKilled_thenItDisconnectsAndTheSignalEndsIt(String signal) {
        Program primary = programs.java(Spinning.class);
        primary.awaitLine("spinning");

        primary.tell(signal);

        assertThat(primary.awaitValue("exit 1")).isEqualTo("signal " + signal + " true");
        assertThat(primary.lines())
                .containsSubsequence("disconnect 1 true", "exit 1 signal " + signal + " true");
    }

    @Rule({"A22", "A24"})
    @ParameterizedTest
    @ValueSource(strings = {"KILL", "TERM"})
    void givenSpinningAndHangingWorkers_whenThePrimaryIsKilled_thenTheyEndAtOnce(String signal) {
        Program spinning = programs.java(Spinning.class);
        Program hanging = programs.java(Spinning.class, "with a shutdown hook that hangs");
        Program serving = programs.java(RoundRobinIT.Service.class, 1);
        spinning.awaitLine("spinning");
        hanging.awaitLine("spinning");
        int spinner = spinning.awaitNumber("pid 1");
        int hanger = hanging.awaitNumber("pid 1");
        int server = serving.awaitNumber("pid 1");
        serving.awaitNumber("port 1");

        spinning.signal(signal);
        hanging.signal(signal);
        serving.signal(signal);

        Signals.awaitGone(spinner, Duration.ofSeconds(3));
        Signals.awaitGone(server, Duration.ofSeconds(3));
        Signals.awaitGone(hanger, Duration.ofSeconds(5));
    }

    /** Workers that echo; told on stdin which to disconnect, or to exit. */
    static final class Draining {
        public static void main(String[] args) throws IOException {
            if (Cluster.isPrimary()) {
                Events.print();
                Cluster.fork();
                Commands.forEach(Draining::carryOut);
            } else {
                Servers.echo(0);
            }
        }

        private static void carryOut(String command) {
            switch (command) {
                case "exit" -> System.exit(7);
                case "fork" -> Cluster.fork();
                default -> {
                    Worker worker = Cluster.workers().get(1);
                    worker.disconnect();
                    Events.say("asked", worker.isConnected(), worker.exitedAfterDisconnect());
                    Events.say("listed", Cluster.workers().keySet());
                }
            }
        }
    }

    @Rule({"A19", "A20", "A22", "B8"})
    @Test
    void givenAnOpenConnection_whenItsWorkerIsDisconnected_thenTheWorkerWaitsForItAndExits()
            throws IOException {
        Program primary = programs.java(Draining.class);
        int port = primary.awaitNumber("port 1");
        try (Client client = Client.connect(port)) {
            assertThat(client.send("before\n").readLine()).isEqualTo("1 before");
            primary.tell("fork");
            primary.awaitNumber("port 2");

            primary.tell("disconnect");

            assertThat(primary.awaitValue("asked")).isEqualTo("true true");
            assertThat(primary.awaitValue("listed")).isEqualTo("[2]");
            for (int i = 0; i < 4; i++) {
                try (Client other = Client.connect(port)) {
                    assertThat(other.send("x\n").readLine()).isEqualTo("2 x");
                }
            }
            assertThat(client.send("after\n").readLine()).isEqualTo("1 after");
            assertThat(primary.values("disconnect 1")).isEmpty();
        }
        primary.awaitLine("exit 1 code 0 true");
        primary.awaitLine("disconnect 1 true");
    }

    /** A worker that serves, and is a client of the port in the first argument itself. */
    static final class Calling {
        public static void main(String[] args) throws IOException {
            if (Cluster.isPrimary()) {
                Events.print();
                Cluster.fork();
                Commands.forEach(disconnect -> Cluster.workers().get(1).disconnect());
            } else {
                Servers.sayId(0);
                int port = Integer.parseInt(args[0]);
                SocketChannel own =
                        SocketChannel.open(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                Cluster.worker().onDisconnect(() -> use(own));
            }
        }

        private static void use(SocketChannel own) {
            try {
                Servers.say(own, "still open");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Rule("A19")
    @Test
    void givenAConnectionThatTheWorkerMade_whenItIsDisconnected_thenItIsNeitherClosedNorWaitedFor()
            throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Program primary = programs.java(Calling.class, server.getLocalPort());
            server.setSoTimeout(20_000);
            try (Socket connection = server.accept()) {
                connection.setSoTimeout(20_000);
                primary.awaitNumber("port 1");

                primary.tell("disconnect");

                assertThat(connection.getInputStream().readAllBytes())
                        .asString(UTF_8)
                        .isEqualTo("still open");
                primary.awaitLine("exit 1 code 0 true");
            }
        }
    }

    @Rule("A24")
    @Test
    void givenAnOpenConnection_whenThePrimaryExits_thenItsWorkersEndAtOnce() throws IOException {
        Program primary = programs.java(Draining.class);
        try (Client client = Client.connect(primary.awaitNumber("port 1"))) {
            assertThat(client.send("before\n").readLine()).isEqualTo("1 before");

            primary.tell("exit");

            assertThat(primary.awaitExit()).isEqualTo(7);
            Signals.awaitGone(primary.awaitNumber("pid 1"), Duration.ofSeconds(3));
        }
    }

    /** A worker's process, seen from the primary after its end. */
    static final class Ended {
        public static void main(String[] args) {
            if (Cluster.isPrimary()) {
                Worker worker = Cluster.fork();
                Events.say("running", worker.process().exit(), worker.process().isConnected());
                worker.exited().join();
                worker.disconnected().join();
                Events.say("ended", worker.process().exit(), worker.process().isConnected());
                Events.say("kill", worker.process().kill());
                worker.kill();
                worker.disconnect();
                Events.say("pid", worker.process().pid() > 1);
            } else {
                System.exit(4);
            }
        }
    }

    @Rule("A24")
    @Test
    void givenAnEndedWorker_whenItIsKilledAgain_thenNothingHappens() {
        Program primary = programs.java(Ended.class);

        assertThat(primary.awaitEnd()).isZero();

        assertThat(primary.lines())
                .containsExactly(
                        "running null true", "ended code 4 false", "kill false", "pid true");
    }

    /** Two servers, of which each waits in a shutdown hook until a file is there. */
    static final class SlowToStop {
        public static void main(String[] args) throws IOException {
            if (Cluster.isPrimary()) {
                Events.print();
                Cluster.fork();
                Cluster.fork();
            } else {
                Path file = Path.of(args[0]);
                Runtime.getRuntime().addShutdownHook(new Thread(() -> awaitFile(file)));
                Servers.sayId(0);
            }
        }

        private static void awaitFile(Path file) {
            Events.say("stopping");
            try (WatchService watch = FileSystems.getDefault().newWatchService()) {
                var _ = file.getParent().register(watch, StandardWatchEventKinds.ENTRY_CREATE);
                while (!Files.exists(file)) {
                    watch.take().reset();
                }
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Servers that are stopping destroy what they are given, or answer that they are. */
    @Rule("D2")
    @ParameterizedTest
    @ValueSource(strings = {"rr", "none"})
    void givenAWorkerThatASignalStops_whenClientsCome_thenTheOtherServesThem(
            String policy, @TempDir Path folder) throws IOException {
        Path file = folder.resolve("stop");
        Program primary =
                programs.start(
                        Command.java(SlowToStop.class, file)
                                .with("NODE_CLUSTER_SCHED_POLICY", policy));
        int port = primary.awaitNumber("port 1");
        primary.awaitLine("port 2");
        int stopping = primary.awaitNumber("pid 1");

        Signals.send("TERM", stopping);
        primary.awaitLine("stopping");
        Set<String> servers = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            servers.add(Client.read(port));
        }
        Files.createFile(file);

        assertThat(servers).containsExactly("2");
        assertThat(primary.awaitLine("exit 1")).contains("SIGTERM");
        assertThat(Client.read(port)).isEqualTo("2");
    }
}
