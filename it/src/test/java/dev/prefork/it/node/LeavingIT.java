package dev.prefork.it.node;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;

import dev.prefork.Cluster;
import dev.prefork.ClusterSettings;
import dev.prefork.Worker;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;
import dev.prefork.it.support.Sampled;
import dev.prefork.json.Json;
import dev.prefork.launch.WorkerJvm;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Java workers that leave their primary before they serve, while they begin to, or by an exit of
 * their own: they end as Node's do.
 */
@Rule({"A19", "A20", "D6"})
class LeavingIT {
    @RegisterExtension final Programs programs = new Programs();

    /** Argument: what it does. */
    static final class Leaver {
        public static void main(String[] args) throws IOException {
            Worker self = Cluster.worker();
            switch (args[0]) {
                case "bind" -> bind();
                case "say and bind" -> {
                    self.send("I am about to bind");
                    bind();
                }
                case "bind when gone" -> {
                    self.disconnected().join();
                    bind();
                }
                case "bind, or exit 1" -> {
                    self.send("I am about to bind");
                    try {
                        bind();
                    } catch (IOException e) {
                        System.exit(1);
                    }
                }
                case "bind once more" -> {
                    bind();
                    self.send("I am about to bind");
                    while (self.exitedAfterDisconnect().isEmpty()) {
                        Thread.onSpinWait();
                    }
                    bind();
                }
                case "disconnect and bind" -> {
                    self.disconnect();
                    bind();
                }
                case "disconnect and exit 3" -> {
                    self.disconnect();
                    System.exit(3);
                }
                case "serve, disconnect and exit 3" -> {
                    bind();
                    self.disconnect();
                    System.exit(3);
                }
                case "with a connection, disconnect and exit 3" -> {
                    connected();
                    self.disconnect();
                    System.exit(3);
                }
                case "disconnect and fail" -> {
                    self.disconnect();
                    throw new IllegalStateException("the program's own");
                }
                default -> throw new IllegalArgumentException(args[0]);
            }
        }

        private static void bind() throws IOException {
            HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0)
                    .start();
        }

        /** An open connection, which a disconnect waits for. */
        private static void connected() throws IOException {
            ServerSocketChannel server = ServerSocketChannel.open();
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            var _ = SocketChannel.open(server.getLocalAddress());
            var _ = server.accept();
        }
    }

    /** As leave.js. Arguments: what its workers do, when they are told, how many there are. */
    static final class Primary {
        public static void main(String[] args) {
            AtomicInteger left = new AtomicInteger(Integer.parseInt(args[2]));
            Cluster.setupPrimary(
                    ClusterSettings.builder().exec(Leaver.class.getName()).args(args[0]).build());
            Cluster.onExit(
                    (worker, exit) -> {
                        Lines.say(
                                "exit",
                                exit.code().orElse(-1),
                                "null",
                                worker.exitedAfterDisconnect());
                        if (left.decrementAndGet() > 0) {
                            fork(args[1]);
                        }
                    });
            if (args[1].equals("online")) {
                Cluster.onOnline(Worker::disconnect);
            } else if (args[1].equals("message")) {
                Cluster.onMessage((worker, message) -> worker.disconnect());
            }
            fork(args[1]);
        }

        private static void fork(String when) {
            Worker worker = Cluster.fork();
            if (when.equals("early")) {
                worker.disconnect();
            }
        }
    }

    @ParameterizedTest
    @Sampled({1, 3, 4, 6, 8})
    @CsvSource({
        "bind, early, 0",
        "bind, online, 0",
        "say and bind, message, 0",
        "'bind, or exit 1', message, 0",
        "bind once more, message, 0",
        "disconnect and bind, never, 0",
        "'serve, disconnect and exit 3', never, 3",
        "'with a connection, disconnect and exit 3', never, 3"
    })
    void givenAJavaPrimary_whenItsWorkersLeaveSo_thenTheyEndInTheSameWay(
            String what, String when, int code) {
        Program primary = programs.start(Command.java(Primary.class, what, when, 3));

        assertThat(primary.awaitValues("exit", 3))
                .isEqualTo(Collections.nCopies(3, code + " null true"));
        assertThat(primary.awaitEnd()).isZero();
    }

    private static Command primary(NodeVersion version, String what, String when, int workers) {
        List<String> options = new ArrayList<>(WorkerJvm.options());
        options.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        options.addAll(List.of("-cp", System.getProperty("java.class.path")));
        Map<String, Object> worker =
                Map.of(
                        "execPath",
                        Command.javaExecutable(),
                        "execArgv",
                        options,
                        "exec",
                        WorkerJvm.MAIN_CLASS,
                        "args",
                        List.of(Leaver.class.getName(), what));
        return Command.of(
                version.executable(),
                Scripts.path("leave.js"),
                new String(Json.writeLine(worker), UTF_8).strip(),
                when,
                String.valueOf(workers));
    }

    @ParameterizedTest
    @Sampled({1, 4, 5, 7, 8, 9, 10})
    @CsvSource({
        "V12_10, bind, early",
        "CURRENT, bind, early",
        "V12_10, bind, online",
        "CURRENT, bind, online",
        "V12_10, say and bind, message",
        "CURRENT, say and bind, message",
        "CURRENT, bind when gone, online",
        "CURRENT, 'bind, or exit 1', message",
        "CURRENT, bind once more, message",
        "V12_10, disconnect and bind, never",
        "CURRENT, disconnect and bind, never"
    })
    void givenAWorkerThatBinds_whenItIsDisconnectedBeforeOrMeanwhile_thenItEndsWithCode0(
            NodeVersion version, String what, String when) {
        Program primary = programs.start(primary(version, what, when, 3));

        assertThat(primary.awaitEnd()).isZero();

        assertThat(primary.awaitValues("exit", 3)).isEqualTo(Collections.nCopies(3, "0 null true"));
    }

    /** Node says so too, unless it has a server; then it says false. */
    @ParameterizedTest
    @CsvSource({
        "V12_10, disconnect and exit 3, 3",
        "CURRENT, disconnect and exit 3, 3",
        "CURRENT, 'serve, disconnect and exit 3', 3",
        "CURRENT, 'with a connection, disconnect and exit 3', 3",
        "CURRENT, disconnect and fail, 1"
    })
    void givenADisconnect_whenTheProgramEndsAtOnce_thenTheCodeIsItsOwnAndItWasVoluntary(
            NodeVersion version, String what, int code) {
        int workers = 6;
        Program primary = programs.start(primary(version, what, "never", workers));

        assertThat(primary.awaitValues("exit", workers))
                .isEqualTo(Collections.nCopies(workers, code + " null true"));
        assertThat(primary.awaitEnd()).isZero();
    }
}
