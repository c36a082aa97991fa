package dev.prefork.it.node;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.prefork.Cluster;
import dev.prefork.StdioPipe;
import dev.prefork.WorkerProcess;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;
import dev.prefork.json.Json;
import dev.prefork.launch.WorkerJvm;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Extra pipes that a Node primary opens, in a Java worker. */
@Rule({"B6", "D6"})
class NodePipesIT {
    @RegisterExtension final Programs programs = new Programs();

    /** A program with Unix sockets of its own. Arguments: the path of one. */
    static final class Worker {
        public static void main(String[] args) throws IOException {
            UnixDomainSocketAddress own = UnixDomainSocketAddress.of(args[0]);
            try (ServerSocketChannel server =
                            ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                    SocketChannel client = bound(server, own)) {
                Lines.say("own", client.isConnected());
                WorkerProcess process = Cluster.worker().process();
                // Own sockets and the JVM's own files are among them.
                List<Integer> pipes =
                        IntStream.range(0, 200)
                                .boxed()
                                .filter(index -> process.stdio(index).isPresent())
                                .toList();
                Lines.say("pipes", pipes);
                for (int index : pipes) {
                    StdioPipe pipe = process.stdio(index).orElseThrow();
                    String text = new String(pipe.input().readAllBytes(), UTF_8);
                    pipe.output().write((text + ", back").getBytes(UTF_8));
                    pipe.output().close();
                }
                Process child = new ProcessBuilder("ls", "/proc/self/fd").start();
                Lines.say("child", child.inputReader(UTF_8).lines().toList());
                Cluster.worker().disconnect();
            }
        }

        private static SocketChannel bound(ServerSocketChannel server, UnixDomainSocketAddress own)
                throws IOException {
            server.bind(own);
            return SocketChannel.open(own);
        }
    }

    private static Command primary(NodeVersion version, boolean byWorkerMain, Path socket) {
        List<String> options = new ArrayList<>(WorkerJvm.options());
        options.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        options.addAll(List.of("-cp", System.getProperty("java.class.path")));
        List<String> words = new ArrayList<>();
        if (byWorkerMain) {
            words.add(WorkerJvm.MAIN_CLASS);
        }
        words.addAll(List.of(Worker.class.getName(), socket.toString()));
        Map<String, Object> worker =
                Map.of(
                        "execPath",
                        Command.javaExecutable(),
                        "execArgv",
                        options,
                        "exec",
                        words.removeFirst(),
                        "args",
                        words);
        return Command.of(
                version.executable(),
                Scripts.path("pipes.js"),
                new String(Json.writeLine(worker), UTF_8).strip());
    }

    @ParameterizedTest
    @CsvSource({"V12_10, true", "CURRENT, true", "V12_10, false", "CURRENT, false"})
    void givenPipesOfANodePrimary_whenBothSidesWrite_thenBothRead(
            NodeVersion version, boolean byWorkerMain, @TempDir Path folder) {
        Program primary =
                programs.start(primary(version, byWorkerMain, folder.resolve("own.sock")));

        assertThat(primary.awaitEnd()).isZero();

        assertThat(primary.lines())
                .contains("own true", "pipes [3, 5]")
                .contains("from 3 for 3, back", "from 5 for 5, back")
                .contains("child [0, 1, 2, 3]", "exit 0 null");
    }
}
