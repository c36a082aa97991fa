package dev.prefork.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.prefork.Cluster;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;
import dev.prefork.it.support.Signals;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** The file of a Unix socket: whose it is, when it is taken over, and who removes it. */
@Rule("A9")
class UnixSocketFileIT {
    @RegisterExtension final Programs programs = new Programs();
    @TempDir Path folder;
    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("app.sock");
    }

    /** A worker that says its program's name to every connection on the path. */
    static final class Named {
        public static void main(String[] args) throws IOException {
            if (Cluster.isPrimary()) {
                Events.print();
                Cluster.fork();
                Commands.forEach(_ -> Cluster.disconnect(() -> Events.say("closed")));
                return;
            }
            try {
                ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                server.bind(UnixDomainSocketAddress.of(args[0]));
                Events.say("bound", args[1]);
                while (true) {
                    try (SocketChannel client = server.accept()) {
                        Servers.say(client, args[1]);
                    }
                }
            } catch (IOException e) {
                Events.say("ended", e);
            }
        }
    }

    private Program start(String policy, String name) {
        return programs.start(
                Command.java(Named.class, file, name).with("NODE_CLUSTER_SCHED_POLICY", policy));
    }

    private String ask() {
        return assertTimeoutPreemptively(
                Duration.ofSeconds(10),
                () -> {
                    try (SocketChannel client =
                            SocketChannel.open(UnixDomainSocketAddress.of(file))) {
                        return new String(Channels.newInputStream(client).readAllBytes(), UTF_8);
                    }
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"rr", "none"})
    void givenTheFileOfAPrimaryThatWasKilled_whenAnotherListens_thenItTakesThePathOver(
            String policy) throws IOException {
        Program first = start(policy, "first");
        first.awaitLine("bound");
        int worker = first.awaitNumber("pid 1");
        first.signal("KILL");
        first.awaitExit();
        Signals.awaitGone(worker);
        assertThat(Files.exists(file)).as("what it left").isTrue();

        Program second = start(policy, "second");

        assertThat(second.awaitLine("bound|ended")).isEqualTo("bound second");
        assertThat(ask()).isEqualTo("second");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rr", "none"})
    void givenAPrimaryThatIsTerminated_whenItsHooksHaveRun_thenTheFileIsGone(String policy) {
        Program first = start(policy, "first");
        first.awaitLine("bound");

        first.signal("TERM");

        assertThat(first.awaitEnd()).isEqualTo(143);
        assertThat(file).doesNotExist();
    }

    @Rule("E1")
    @ParameterizedTest
    @ValueSource(strings = {"rr", "none"})
    void givenAPrimaryThatLives_whenAnotherListensOnItsPath_thenThatIsInUse(String policy) {
        Program first = start(policy, "first");
        first.awaitLine("bound");

        Program second = start(policy, "second");

        assertThat(second.awaitLine("bound|ended"))
                .startsWith("ended java.net.BindException: Address already in use");
        assertThat(ask()).isEqualTo("first");
    }

    @Rule("E1")
    @ParameterizedTest
    @ValueSource(strings = {"rr", "none"})
    void givenAFileThatIsNoSocket_whenAWorkerListensOnItsPath_thenThatIsInUseAndTheFileStays(
            String policy) throws IOException {
        Files.writeString(file, "precious");

        Program program = start(policy, "first");

        assertThat(program.awaitLine("bound|ended"))
                .startsWith("ended java.net.BindException: Address already in use");
        assertThat(file).hasContent("precious");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rr", "none"})
    void givenAFileThatIsAnothersByNow_whenTheFirstOwnerCloses_thenTheOthersStays(String policy)
            throws IOException {
        Program first = start(policy, "first");
        first.awaitLine("bound");
        Files.delete(file);
        Program second = start(policy, "second");
        assertThat(second.awaitLine("bound|ended")).isEqualTo("bound second");

        first.tell("disconnect");
        first.tellNoMore();

        assertThat(first.awaitEnd()).isZero();
        assertThat(Files.exists(file)).as("the second one's file").isTrue();
        assertThat(ask()).isEqualTo("second");
    }
}
