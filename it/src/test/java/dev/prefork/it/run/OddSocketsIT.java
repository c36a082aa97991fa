package dev.prefork.it.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.prefork.it.support.Client;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.Ports;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;
import dev.prefork.it.support.Sampled;
import dev.prefork.it.support.Signals;
import dev.prefork.it.support.Sources;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Programs that come to their listening sockets in unusual ways. */
@Rule("F1")
class OddSocketsIT {
    private static final Duration MAY_TAKE = Duration.ofSeconds(20);

    /** Says its pid on the socket that it was started with, or at the path that it is given. */
    private static final String SOURCE =
            """
            import java.net.*;
            import java.nio.ByteBuffer;
            import java.nio.channels.*;
            import java.nio.file.*;

            public class Odd {
                public static void main(String[] arguments) throws Exception {
                    ServerSocketChannel server = arguments.length == 0
                            ? (ServerSocketChannel) System.inheritedChannel()
                            : at(Path.of(arguments[0]));
                    byte[] pid = String.valueOf(ProcessHandle.current().pid()).getBytes();
                    while (true) {
                        try (SocketChannel peer = server.accept()) {
                            peer.write(ByteBuffer.wrap(pid));
                        }
                    }
                }

                static ServerSocketChannel at(Path path) throws Exception {
                    Files.deleteIfExists(path);
                    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                        path.toFile().delete();
                    }));
                    return ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                            .bind(UnixDomainSocketAddress.of(path));
                }
            }
            """;

    @RegisterExtension final Programs programs = new Programs();
    @TempDir Path folder;

    private Command odd(int workers, String policy, Object... arguments) throws IOException {
        Sources sources = new Sources(folder);
        Path classes = sources.compile(sources.write("Odd.java", SOURCE));
        List<Object> words =
                new ArrayList<>(
                        List.of(
                                "run",
                                "-w",
                                workers,
                                "--ready-after",
                                0.3,
                                "--policy",
                                policy,
                                "-cp",
                                classes,
                                "Odd"));
        words.addAll(List.of(arguments));
        return Command.prefork(words.toArray());
    }

    /** Listens twice on one port, by both kinds of server; the second is closed when told. */
    private static final String TWICE =
            """
            import java.io.IOException;
            import java.net.*;
            import java.nio.ByteBuffer;
            import java.nio.channels.*;
            import java.nio.file.*;

            public class Twice {
                public static void main(String[] arguments) throws Exception {
                    SocketAddress address = new InetSocketAddress(
                            InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0]));
                    ServerSocket socket = new ServerSocket();
                    socket.setOption(StandardSocketOptions.SO_REUSEPORT, true);
                    socket.bind(address);
                    ServerSocketChannel channel = ServerSocketChannel.open()
                            .setOption(StandardSocketOptions.SO_REUSEPORT, true)
                            .bind(address);
                    new Thread(() -> serve(socket)).start();
                    new Thread(() -> serve(channel)).start();
                    while (!Files.exists(Path.of(arguments[1]))) {
                        Thread.sleep(20);
                    }
                    channel.close();
                    System.out.println("one is closed");
                }

                static void serve(ServerSocket server) {
                    try {
                        while (true) {
                            try (Socket peer = server.accept()) {
                                peer.getOutputStream().write(answer("socket"));
                            }
                        }
                    } catch (IOException closed) {
                        // It is over.
                    }
                }

                static void serve(ServerSocketChannel server) {
                    try {
                        while (true) {
                            try (SocketChannel peer = server.accept()) {
                                peer.write(ByteBuffer.wrap(answer("channel")));
                            }
                        }
                    } catch (IOException closed) {
                        // It is over.
                    }
                }

                static byte[] answer(String kind) {
                    return (kind + ProcessHandle.current().pid()).getBytes();
                }
            }
            """;

    @Rule({"A4", "F6"})
    @ParameterizedTest
    @Sampled(1)
    @ValueSource(strings = {"rr", "none", "reuseport"})
    void givenTwoServersOnOnePortWithReusePort_whenReloadedAndOneIsClosed_thenAllHaveTheirShare(
            String policy) throws IOException {
        Sources sources = new Sources(folder);
        Path classes = sources.compile(sources.write("Twice.java", TWICE));
        int port = Ports.row(1);
        Path close = folder.resolve("close");
        Program prefork =
                programs.start(
                        Command.prefork(
                                "run",
                                "--ready-after",
                                0.3,
                                "-w",
                                2,
                                "--policy",
                                policy,
                                "-cp",
                                classes,
                                "Twice",
                                port,
                                close));
        assertAnsweredBy(both(pids(prefork, "serving")), () -> Client.read(port));

        prefork.signal("HUP");
        Set<String> second = pids(prefork, "reloaded");
        assertAnsweredBy(both(second), () -> Client.read(port));
        Files.createFile(close);
        prefork.awaitLines("\\d [|] one is closed", 2);

        Set<String> left = second.stream().map("socket"::concat).collect(Collectors.toSet());
        assertAnsweredBy(left, () -> Client.read(port));
    }

    private static Set<String> both(Set<String> pids) {
        return pids.stream()
                .flatMap(pid -> Stream.of("socket" + pid, "channel" + pid))
                .collect(Collectors.toSet());
    }

    private static Set<String> pids(Program prefork, String text) {
        String line = prefork.awaitLine("prefork: " + text + " .*pids? [\\d ]+$");
        return new HashSet<>(Arrays.asList(line.replaceAll(".*pids? ", "").split(" ", -1)));
    }

    @Rule("F6")
    @ParameterizedTest
    @CsvSource({"1, rr", "2, rr", "2, none"})
    void givenASocketAsStandardInput_whenRun_thenAllWorkersAcceptFromIt(int workers, String policy)
            throws IOException {
        Path script =
                Files.writeString(
                        folder.resolve("start.js"),
                        """
                        const server = require('net').createServer();
                        server.listen(0, '127.0.0.1', () => {
                            const stdio = [server._handle.fd, 'inherit', 'inherit'];
                            const words = process.argv.slice(2);
                            const child = require('child_process').spawn(words[0], words.slice(1), { stdio });
                            console.log('port ' + server.address().port);
                            console.log('pid ' + child.pid);
                            server.close();
                        });
                        """);
        List<String> words = new ArrayList<>(List.of(script.toString()));
        words.addAll(odd(workers, policy).words());
        Program starter = programs.start(Command.of("node", words.toArray(String[]::new)));
        int port = starter.awaitNumber("port");
        int prefork = starter.awaitNumber("pid");
        Set<String> first = pids(starter, "serving 127\\.0\\.0\\.1:" + port + " \\(fd 0\\)");

        assertAnsweredBy(first, () -> Client.read(port));
        Signals.send("HUP", prefork);
        Set<String> second = pids(starter, "reloaded");
        assertThat(second).doesNotContainAnyElementsOf(first);
        assertAnsweredBy(second, () -> Client.read(port));
        Signals.send("TERM", prefork);

        assertThat(starter.awaitEnd()).isZero();
    }

    @Rule({"F4", "F6"})
    @ParameterizedTest
    @Sampled(2)
    @ValueSource(strings = {"rr", "none", "reuseport"})
    void givenAProgramThatDeletesItsUnixSocket_whenStartedReloadedAndKilled_thenThePathStays(
            String policy) throws IOException {
        Path path = folder.resolve("odd.sock");
        Program prefork = programs.start(odd(2, policy, path));
        Set<String> first = pids(prefork, "serving");
        assertAnsweredBy(first, () -> ask(path));

        prefork.signal("HUP");
        Set<String> second = pids(prefork, "reloaded");
        assertAnsweredBy(second, () -> ask(path));
        for (String pid : second) {
            Signals.send("TERM", Integer.parseInt(pid));
            prefork.awaitLine("prefork: worker \\d [(]pid " + pid + "[)] died.*");
        }
        await().atMost(MAY_TAKE)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(ask(path)).isNotEmpty().isNotIn(second));
        prefork.signal("TERM");

        assertThat(prefork.awaitEnd()).isZero();
        assertThat(files()).as("socket files").noneMatch(name -> name.contains("odd.sock"));
    }

    private Set<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
        }
    }

    /** Each of them, sooner or later; a path may be away for a moment. */
    private static void assertAnsweredBy(Set<String> pids, Callable<String> question) {
        Set<String> answers = new HashSet<>();
        await().atMost(MAY_TAKE)
                .ignoreExceptions()
                .pollInterval(Duration.ofMillis(10))
                .untilAsserted(
                        () -> {
                            answers.add(question.call());
                            assertThat(answers).isEqualTo(pids);
                        });
    }

    private static String ask(Path path) throws IOException {
        try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            ByteBuffer answer = ByteBuffer.allocate(100);
            while (client.read(answer) >= 0) {
                // Until the end.
            }
            return UTF_8.decode(answer.flip()).toString();
        }
    }
}
