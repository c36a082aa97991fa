package dev.prefork.it.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.prefork.Cluster;
import dev.prefork.ClusterSettings;
import dev.prefork.ForkException;
import dev.prefork.StdioPipe;
import dev.prefork.Worker;
import dev.prefork.WorkerProcess;
import dev.prefork.it.support.Descriptors;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Scanner;

/** silent and stdio: the streams of a worker. */
class StdioIT {
    @RegisterExtension final Programs programs = new Programs();

    private static String all(InputStream stream) throws IOException {
        return new String(stream.readAllBytes(), UTF_8).replace("\n", "|");
    }

    /** Talks to a silent worker; then, with the streams still in hand, waits to be looked at. */
    static final class Silent {
        public static void main(String[] args) throws IOException {
            if (Cluster.isPrimary()) {
                Worker loud = Cluster.fork();
                Say.line("loud", loud.process().stdin(), loud.process().stdout());
                loud.exited().join();
                loud.disconnected().join();
                Say.line("before", Descriptors.of((int) ProcessHandle.current().pid()).size());
                Say.line("settings", Cluster.settings().silent());
                Cluster.setupPrimary(ClusterSettings.builder().silent(true).build());
                talk(Cluster.fork().process());
                unread(Cluster.fork());
                Say.line("ready");
                new Scanner(System.in, UTF_8).nextLine();
            } else {
                Scanner in = new Scanner(System.in, UTF_8);
                Say.line("out", Cluster.worker().process().stdout().isPresent());
                if (in.hasNextLine()) {
                    Say.line("echo", in.nextLine());
                }
                System.err.println("to stderr");
                Cluster.worker().disconnect();
            }
        }

        private static void talk(WorkerProcess process) throws IOException {
            process.stdin().orElseThrow().write("hello\n".getBytes(UTF_8));
            Say.line("stdout", all(process.stdout().orElseThrow()));
            Say.line("stderr", all(process.stderr().orElseThrow()));
            Say.line("pipe 3", process.stdio(3));
        }

        /** What nobody has read before the worker's end is there afterwards. */
        private static void unread(Worker worker) throws IOException {
            worker.process().stdin().orElseThrow().close();
            worker.exited().join();
            worker.disconnected().join();
            Say.line("late", all(worker.process().stdout().orElseThrow()));
        }
    }

    @Rule({"A24", "B6"})
    @Test
    void givenSilent_whenAWorkerWrites_thenOnlyThePrimaryReadsItAndNoDescriptorIsLeft() {
        Program primary = programs.java(Silent.class);
        // The first worker has the primary's own stdin: its end.
        primary.tell("for the loud one");
        primary.awaitLine("ready");

        assertThat(primary.lines())
                .contains("loud null null", "out false", "echo for the loud one", "to stderr")
                .contains("settings false")
                .contains("stdout out false|echo hello|", "stderr to stderr|", "pipe 3 null")
                .contains("late out false|");
        int before = primary.awaitNumber("before");
        await().untilAsserted(
                        () -> assertThat(Descriptors.of(primary.pid()).size()).isEqualTo(before));
        primary.tell("end");
        assertThat(primary.awaitEnd()).isZero();
    }

    /** Pipes on 4 and 6, the channel on 5, stdout and stderr of the primary exchanged. */
    static final class ExtraPipes {
        public static void main(String[] args) throws IOException {
            if (Cluster.isPrimary()) {
                Cluster.setupPrimary(
                        ClusterSettings.builder()
                                .silent(true)
                                .stdio("ignore", 1, "inherit", "ignore", "pipe", "ipc", "pipe")
                                .build());
                Worker worker = Cluster.fork();
                WorkerProcess process = worker.process();
                Say.line("streams", process.stdin(), process.stdout(), process.stderr());
                Say.line("others", process.stdio(3), process.stdio(5), process.stdio(7));
                StdioPipe four = process.stdio(4).orElseThrow();
                four.output().write("for four".getBytes(UTF_8));
                four.output().close();
                Say.line("from four", all(four.input()));
                Say.line("from six", process.stdio(6).orElseThrow().input().read());
                process.stdio(6).orElseThrow().output().write(7);
                var _ = worker.exited().thenAccept(exit -> Say.line("exit", exit));
            } else {
                WorkerProcess process = Cluster.worker().process();
                Say.line("stdin", Files.readSymbolicLink(Path.of("/proc/self/fd/0")));
                Say.line("none", process.stdio(3), process.stdio(5), process.stdio(1));
                Say.line("hidden", System.getenv("PREFORK_PIPES"));
                StdioPipe four = process.stdio(4).orElseThrow();
                four.output().write(("echo " + all(four.input())).getBytes(UTF_8));
                four.output().close();
                StdioPipe six = process.stdio(6).orElseThrow();
                six.output().write(6);
                Say.line("six", six.input().read());
                Process child =
                        new ProcessBuilder("ls", "/proc/self/fd").redirectErrorStream(true).start();
                Say.line("child", child.inputReader(UTF_8).lines().toList());
                Cluster.worker().disconnect();
            }
        }
    }

    @Rule("B6")
    @Test
    void givenExtraPipes_whenBothSidesWrite_thenBothRead() {
        Program primary = programs.java(ExtraPipes.class);

        assertThat(primary.awaitEnd()).isZero();

        assertThat(primary.lines())
                .contains("streams null null null", "others null null null")
                .contains("from four echo for four", "from six 6", "six 7")
                .contains("stdin /dev/null", "none null null null", "hidden null")
                .contains("child [0, 1, 2, 3]", "exit code 0");
    }

    /** A worker that waits for what nobody writes, and hears messages all the same. */
    static final class WaitingReader {
        public static void main(String[] args) throws IOException {
            if (Cluster.isPrimary()) {
                Cluster.setupPrimary(
                        ClusterSettings.builder().stdio(0, 1, 2, "ipc", "pipe").build());
                Worker worker = Cluster.fork();
                worker.onMessage(message -> Say.line("answer", message.value()));
                worker.onOnline(() -> worker.send("are you there"));
            } else {
                StdioPipe pipe = Cluster.worker().process().stdio(4).orElseThrow();
                Cluster.worker()
                        .onMessage(
                                message -> {
                                    Cluster.worker().send("yes");
                                    Cluster.worker().disconnect();
                                });
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    try {
                                        Say.line("end", pipe.input().read());
                                    } catch (IOException closed) {
                                        Say.line("closed");
                                    }
                                });
            }
        }
    }

    @Rule("B6")
    @Test
    void givenAWorkerThatWaitsForItsPipe_whenItIsSentAMessage_thenItAnswers() {
        Program primary = programs.java(WaitingReader.class);

        assertThat(primary.awaitLine("answer")).isEqualTo("answer yes");
    }

    /** The worker has left the cluster, and its pipe is still there. */
    static final class LateReader {
        public static void main(String[] args) throws IOException {
            if (Cluster.isPrimary()) {
                Cluster.setupPrimary(
                        ClusterSettings.builder().stdio(0, 1, 2, "ipc", "pipe").build());
                Worker worker = Cluster.fork();
                StdioPipe pipe = worker.process().stdio(4).orElseThrow();
                worker.onDisconnect(
                        () -> {
                            try {
                                pipe.output().write('x');
                            } catch (IOException gone) {
                                Say.line("gone");
                            }
                        });
            } else {
                StdioPipe pipe = Cluster.worker().process().stdio(4).orElseThrow();
                Cluster.worker().disconnect();
                Say.line("read", (char) pipe.input().read());
            }
        }
    }

    @Rule("B6")
    @Test
    void givenAWorkerThatHasDisconnected_whenItsPipeIsWritten_thenItReads() {
        Program primary = programs.java(LateReader.class);

        assertThat(primary.awaitLine("read")).isEqualTo("read x");
        assertThat(primary.awaitEnd()).isZero();
    }

    /** Node, with the channel first and an extra pipe: no variable of ours is needed there. */
    static final class OtherExecutable {
        public static void main(String[] args) throws IOException {
            Cluster.setupPrimary(
                    ClusterSettings.builder()
                            .execPath("sh")
                            .execArgv()
                            .exec("-c")
                            .args("echo $NODE_CHANNEL_FD; read line <&4; echo got $line >&4")
                            .stdio("pipe", "pipe", "inherit", "ipc", "pipe")
                            .build());
            WorkerProcess process = Cluster.fork().process();
            StdioPipe pipe = process.stdio(4).orElseThrow();
            pipe.output().write("a line\n".getBytes(UTF_8));
            Say.line("pipe", all(pipe.input()));
            Say.line("channel", all(process.stdout().orElseThrow()));
        }
    }

    @Rule("B6")
    @Test
    void givenAShellScript_whenItUsesAnExtraPipe_thenItIsAPlainDescriptor() {
        Program primary = programs.java(OtherExecutable.class);

        assertThat(primary.awaitEnd()).isZero();

        assertThat(primary.lines()).contains("pipe got a line|", "channel 3|");
    }

    /** A descriptor that this process does not have, and NUL, ports and words that cannot be. */
    static final class Wrong {
        public static void main(String[] args) {
            try {
                Cluster.setupPrimary(ClusterSettings.builder().stdio("ipc", 1, 2, 9999).build());
                Cluster.fork();
            } catch (ForkException e) {
                Say.line("descriptor", e.getMessage());
            }
            for (List<?> stdio :
                    List.of(
                            List.of("bogus", "ipc"),
                            List.of("pipe", "inherit"),
                            List.of("ipc", "ipc"))) {
                try {
                    ClusterSettings.builder().stdio(stdio);
                } catch (IllegalArgumentException e) {
                    Say.line("refused", e.getMessage());
                }
            }
            Say.line("left", Cluster.workers().size());
        }
    }

    @Rule({"B6", "E1"})
    @Test
    void givenStdioThatCannotBe_thenATypedExceptionNamesIt() {
        Program primary = programs.java(Wrong.class);

        assertThat(primary.awaitEnd()).isZero();

        assertThat(primary.awaitValue("descriptor")).contains("cannot fork").contains("fd 9999");
        assertThat(primary.values("refused"))
                .hasSize(3)
                .anyMatch(line -> line.startsWith("stdio=[bogus, ipc]"))
                .anyMatch(line -> line.startsWith("stdio=[pipe, inherit]"))
                .anyMatch(line -> line.startsWith("stdio=[ipc, ipc]"));
        assertThat(primary.lines()).contains("left 0");
    }
}
