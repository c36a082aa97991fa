package dev.prefork.it.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What a worker has started ends with it, and all of it with prefork. */
@Rule("F8")
class TreeIT {
    /** Scripts in which the server or a helper is below the process that prefork starts. */
    private static final String NODE_BELOW = "node server.js; code=$?; exit $code";

    @RegisterExtension private final Programs programs = new Programs();
    @TempDir private Path folder;

    private Program sh(String script, Object... options) {
        List<Object> words = new ArrayList<>(List.of("run"));
        words.addAll(List.of(options));
        words.addAll(List.of("--exec", "sh", "-c", script));
        return programs.start(Command.prefork(words.toArray()));
    }

    private Program nodes(Object... options) throws IOException {
        Path script =
                Files.writeString(
                        folder.resolve("server.js"),
                        """
                        require('http').createServer((request, response) => {
                            response.end(String(process.pid));
                        }).listen(0, '127.0.0.1');
                        """);
        return sh(NODE_BELOW.replace("server.js", script.toString()), options);
    }

    private static int onlyChild(int pid) {
        return Math.toIntExact(
                ProcessHandle.of(pid).orElseThrow().children().findFirst().orElseThrow().pid());
    }

    private void awaitNothingLeft() {
        await("nothing of it is left")
                .atMost(Duration.ofSeconds(20))
                .until(() -> !programs.areRunning());
    }

    // prefork is killed.

    @ParameterizedTest
    @Sampled(1)
    @ValueSource(strings = {"rr", "none"})
    void givenJavaWorkersOfWhichOneIsStopped_whenPreforkIsKilled_thenNothingIsLeft(String policy) {
        Program prefork =
                programs.start(
                        Running.served(folder.resolve("broken"), "-w", "2", "--policy", policy));
        Signals.stop(Running.await(prefork, 1).pids().getFirst());

        prefork.signal("KILL");

        awaitNothingLeft();
    }

    /** What is true of one that ends by itself is not enough. */
    @ParameterizedTest
    @Sampled({1, 4})
    @CsvSource({"spins, rr", "spins, none", "native, rr", "native, none"})
    void givenJavaWorkersThatHearNothing_whenPreforkIsKilled_thenNothingIsLeft(
            String how, String policy) {
        Program prefork =
                programs.start(
                        Running.program(
                                Stubborn.class,
                                List.of(how),
                                "-w",
                                "2",
                                "--policy",
                                policy,
                                "--stop-timeout",
                                "2"));
        Signals.stop(Running.await(prefork, 1).pids().getFirst());

        prefork.signal("KILL");

        awaitNothingLeft();
    }

    @ParameterizedTest
    @Sampled({1, 3, 5})
    @ValueSource(
            strings = {
                "sleep 1000 & echo up; wait",
                "sleep 1000 & sleep 1000 & echo up; exec sleep 1000",
                "trap '' TERM; echo up; sleep 1000; sleep 1000; sleep 1000",
                "trap '' TERM; echo up; while :; do :; done",
                "echo up; kill -STOP $$"
            })
    void givenACommandThatHearsNothing_whenPreforkIsKilled_thenNothingIsLeft(String script) {
        Program prefork = sh(script, "-w", "2", "--stop-timeout", "1");
        prefork.awaitLines("\\d \\| up", 2);

        prefork.signal("KILL");

        awaitNothingLeft();
    }

    @Test
    void givenAServerBelowAShell_whenPreforkIsKilled_thenNothingIsLeft() throws IOException {
        Program prefork = nodes("-w", "2");
        Running.await(prefork, 1);

        prefork.signal("KILL");

        awaitNothingLeft();
    }

    // A worker ends.

    @Test
    void givenAServerBelowAShell_whenTheShellIsKilled_thenTheServerEndsAndBothAreReplaced()
            throws IOException {
        Program prefork = nodes("-w", "1");
        Running before = Running.await(prefork, 1);
        int server = onlyChild(before.pids().getFirst());
        assertThat(before.ask()).isEqualTo(server);

        Signals.send("KILL", before.pids().getFirst());

        Running after = Running.await(prefork, 2);
        assertThat(after.ask()).isEqualTo(onlyChild(after.pids().getFirst()));
        assertThat(Signals.isRunning(server)).isFalse();
        prefork.signal("TERM");
        assertThat(prefork.awaitEnd()).isZero();
        assertThat(programs.areRunning()).isFalse();
    }

    @Test
    void givenAServerBelowAShell_whenTheServerIsKilled_thenTheShellsExitCodeIsToldAndItIsReplaced()
            throws IOException {
        Program prefork = nodes("-w", "1");
        Running before = Running.await(prefork, 1);
        int server = onlyChild(before.pids().getFirst());

        Signals.send("KILL", server);

        prefork.awaitLine("prefork: worker 1 .* died: exit code 137");
        Running after = Running.await(prefork, 2);
        assertThat(after.ask()).isNotEqualTo(server);
    }

    @Test
    void givenAServerBelowAShell_whenReloaded_thenTheNewServersAnswerAndTheOldAreGone()
            throws IOException {
        Program prefork = nodes("-w", "1");
        Running running = Running.await(prefork, 1);
        int server = onlyChild(running.pids().getFirst());

        prefork.signal("HUP");

        String line = prefork.awaitLine("prefork: reloaded 1 worker, pid ");
        int after = onlyChild(Running.numbers(line.replaceAll(".*pid ", "")).getFirst());
        assertThat(running.ask()).isEqualTo(after);
        Signals.awaitGone(server);
    }

    /** SPEC F14: who has no part in serving holds no successor up. */
    @Test
    void givenAHelperThatIgnoresTerm_whenTheWorkerDies_thenItIsReplacedBeforeTheHelperIsKilled() {
        Program prefork =
                sh(
                        "(trap '' TERM; exec 3>&-; exec sleep 1000) & echo up $$ $!; exec sleep"
                                + " 1000",
                        "-w",
                        "1",
                        "--stop-timeout",
                        "6");
        List<Integer> pids = Running.numbers(prefork.awaitValue("1 | up"));

        Signals.send("KILL", pids.getFirst());

        prefork.awaitLine("2 \\| up");
        assertThat(Signals.isRunning(pids.getLast())).isTrue();
        Signals.awaitGone(pids.getLast());
    }

    @Test
    void givenAServerOfItsOwnBelowAShell_whenStopped_thenItsHooksRunAndNothingIsLeft()
            throws IOException {
        Path program =
                Files.writeString(
                        folder.resolve("Below.java"),
                        """
                        void main() throws Exception {
                            Runtime.getRuntime().addShutdownHook(new Thread(() -> IO.println("bye")));
                            IO.println("up");
                            new java.util.concurrent.CountDownLatch(1).await();
                        }
                        """);
        Program prefork =
                sh("%s %s & wait $!".formatted(Command.javaExecutable(), program), "-w", "1");
        prefork.awaitLine("1 \\| up");

        prefork.signal("TERM");

        assertThat(prefork.awaitEnd()).isZero();
        assertThat(prefork.lines()).contains("1 | bye");
        assertThat(programs.areRunning()).isFalse();
    }
}
