package dev.prefork.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;

import dev.prefork.Cluster;
import dev.prefork.SchedulingPolicy;
import dev.prefork.it.support.Client;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;
import dev.prefork.it.support.Signals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.ServerSocketChannel;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Workers that listen on the same address share it, and which addresses are the same. */
class SharedPortIT {
    @RegisterExtension final Programs programs = new Programs();

    /** The document's first program, on any port, with JDK's HttpServer. */
    static final class Document {
        public static void main(String[] args) throws IOException {
            if (Cluster.isPrimary()) {
                Events.say("Primary", ProcessHandle.current().pid(), "is running");
                Events.print();
                for (int i = 0; i < 2; i++) {
                    Cluster.fork();
                }
                Cluster.onExit(
                        (worker, exit) -> Events.say("worker", worker.process().pid(), "died"));
                System.in.read();
            } else {
                HttpServer server =
                        HttpServer.create(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
                server.createContext(
                        "/",
                        exchange -> {
                            byte[] pid = ("" + ProcessHandle.current().pid()).getBytes(UTF_8);
                            exchange.sendResponseHeaders(200, pid.length);
                            exchange.getResponseBody().write(pid);
                            exchange.close();
                        });
                server.start();
                Events.say("Worker", ProcessHandle.current().pid(), "started");
            }
        }
    }

    @Rule({"A1", "A2", "A4", "A5", "B5"})
    @ParameterizedTest
    @ValueSource(strings = {"rr", "none"})
    void givenTheDocumentsProgram_whenWorkersDie_thenThePortIsServedUntilTheLastOneIsGone(
            String policy) throws Exception {
        Program primary =
                programs.start(
                        Command.java(Document.class).with(SchedulingPolicy.VARIABLE, policy));
        primary.awaitLine("Primary " + primary.pid() + " is running");
        primary.awaitLines("Worker \\d+ started", 2);
        int port = primary.awaitNumber("port 1");
        assertThat(primary.awaitNumber("port 2")).isEqualTo(port);
        int first = primary.awaitNumber("pid 1");
        int second = primary.awaitNumber("pid 2");

        Set<String> answers = new HashSet<>();
        await().until(
                        () -> {
                            answers.add(Client.get(port, "/"));
                            return answers.size() == 2;
                        });
        assertThat(answers).containsExactlyInAnyOrder("" + first, "" + second);

        Signals.send("KILL", first);
        primary.awaitLine("worker " + first + " died");
        assertThat(Client.get(port, "/")).isEqualTo("" + second);

        Signals.send("KILL", second);
        primary.awaitLine("worker " + second + " died");
        await().untilAsserted(
                        () ->
                                assertThatThrownBy(() -> Client.get(port, "/"))
                                        .isInstanceOf(ConnectException.class));
    }

    /** Without shared listening a client would wait for the worker that has its connection. */
    @Rule("A5")
    @Test
    void givenPolicyNone_whenAWorkerIsStopped_thenTheOtherAcceptsAllConnections()
            throws IOException {
        Program primary =
                programs.start(
                        Command.java(RoundRobinIT.Service.class, 2)
                                .with(SchedulingPolicy.VARIABLE, "none"));
        int port = primary.awaitNumber("port 2");

        Signals.stop(primary.awaitNumber("pid 1"));

        for (int i = 0; i < 10; i++) {
            assertThat(Client.read(port)).isEqualTo("2");
        }
    }

    /** Restarts whoever ends. */
    static final class Restarting {
        public static void main(String[] args) throws IOException {
            if (Cluster.isPrimary()) {
                Events.print();
                Cluster.fork();
                Cluster.fork();
                Cluster.onExit((worker, exit) -> Cluster.fork());
            } else {
                Servers.sayId(0);
            }
        }
    }

    @Rule("A2")
    @Test
    void givenAProgramThatRestartsWorkers_whenEachIsKilled_thenThePortStaysServed()
            throws IOException {
        Program primary = programs.java(Restarting.class);
        int port = primary.awaitNumber("port 1");
        primary.awaitNumber("port 2");

        for (int id = 1; id <= 3; id++) {
            Signals.send("KILL", primary.awaitNumber("pid " + id));
            primary.awaitLine("exit " + id + " signal SIGKILL");
            assertThat(primary.awaitNumber("port " + (id + 2))).isEqualTo(port);
            assertThat(Integer.parseInt(Client.read(port))).isBetween(id + 1, id + 2);
        }
    }

    /** Each worker listens on two random ports, and says which it got. */
    static final class TwoRandomPorts {
        public static void main(String[] args) throws IOException {
            if (Cluster.isPrimary()) {
                Cluster.fork();
                Cluster.fork();
            } else {
                try (ServerSocketChannel first = Servers.serve(0, connection -> {});
                        ServerSocketChannel second = Servers.serve(0, connection -> {})) {
                    Events.say("ports", Servers.port(first), Servers.port(second));
                    Cluster.worker().disconnected().join();
                }
            }
        }
    }

    @Rule("A8")
    @Test
    void givenTwoRandomPorts_whenAnotherWorkerListensToo_thenItGetsTheSameTwoInCallOrder() {
        Program primary = programs.java(TwoRandomPorts.class);

        List<String> ports = primary.awaitValues("ports", 2);

        assertThat(ports.get(0)).isEqualTo(ports.get(1));
        assertThat(ports.get(0).split(" ")).doesNotHaveDuplicates().doesNotContain("0");
    }

    /** One worker; what it tries on a port, as any program would. */
    static final class Probing {
        public static void main(String[] args) throws IOException {
            if (Cluster.isPrimary()) {
                Cluster.fork();
            } else {
                ServerSocketChannel probe = Servers.sayId(0);
                int port = Servers.port(probe);
                Events.say("probe", port);
                tryToBind("while open", port);
                probe.close();
                tryToBind("after close", port);
                Events.say("served", Client.read(port));
                ServerSocketChannel random = Servers.sayId(0);
                Events.say("random", Servers.port(random), Client.read(Servers.port(random)));
                Cluster.worker().disconnect();
            }
        }

        private static void tryToBind(String when, int port) throws IOException {
            try {
                Servers.sayId(port);
                Events.say(when, "bound");
            } catch (BindException e) {
                Events.say(when, e.getMessage());
            }
        }
    }

    @Rule({"A8", "E1"})
    @Test
    void givenAPortGotFromZero_whenItIsListenedOnExplicitly_thenItIsInUseUntilClosed() {
        Program primary = programs.java(Probing.class);

        assertThat(primary.awaitValue("while open")).isEqualTo("Address already in use");
        assertThat(primary.awaitValue("after close")).isEqualTo("bound");
        assertThat(primary.awaitValue("served")).isEqualTo("1");
        assertThat(primary.awaitValue("random")).endsWith(" 1");
        assertThat(primary.awaitEnd()).isZero();
    }

    /** A worker that binds the port that it is given, and says what came of it. */
    static final class Binding {
        public static void main(String[] args) throws IOException {
            if (Cluster.isPrimary()) {
                Events.print();
                Cluster.fork();
            } else {
                try (ServerSocketChannel server = ServerSocketChannel.open()) {
                    server.bind(new InetSocketAddress("127.0.0.1", Integer.parseInt(args[0])));
                    Events.say("bound");
                } catch (IOException e) {
                    Events.say("refused", e.getClass().getName() + ":", e.getMessage());
                }
                Cluster.worker().disconnect();
            }
        }
    }

    @Rule("E1")
    @ParameterizedTest
    @ValueSource(strings = {"rr", "none"})
    void givenATakenPort_whenAWorkerBindsIt_thenTheBindCallThrowsBindException(String policy)
            throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Program primary =
                    programs.start(
                            Command.java(Binding.class, taken.getLocalPort())
                                    .with(SchedulingPolicy.VARIABLE, policy));

            assertThat(primary.awaitValue("refused"))
                    .isEqualTo("java.net.BindException: Address already in use");
            primary.awaitLine("exit 1 code 0 true");
            assertThat(primary.lines()).noneMatch(line -> line.startsWith("listening"));
            assertThat(primary.awaitEnd()).isZero();
        }
    }
}
