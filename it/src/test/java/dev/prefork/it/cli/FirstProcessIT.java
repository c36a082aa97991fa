package dev.prefork.it.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.prefork.it.support.Command;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;
import dev.prefork.it.support.Signals;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** prefork as the first process of a pid namespace, as in a container that has no init. */
@Rule({"F7", "F8"})
class FirstProcessIT {
    private static final List<String> NAMESPACE =
            List.of("--pid", "--fork", "--mount-proc", "--kill-child");

    private static final List<String> MODULES =
            List.of(
                    "agent",
                    "posix",
                    "ipc",
                    "net",
                    "supervise",
                    "cluster",
                    "cli",
                    "examples",
                    "bench");

    @TempDir private Path folder;
    @RegisterExtension private final Programs programs = new Programs();

    @BeforeEach
    void namespacesAreAllowed() {
        assumeTrue(
                programs.start(Command.of("unshare", words(List.of("true")))).awaitExit() == 0,
                "no pid namespace may be made here");
    }

    private static String[] words(List<String> command) {
        List<String> words = new ArrayList<>(NAMESPACE);
        words.addAll(command);
        return words.toArray(String[]::new);
    }

    private Program first(String script) {
        return programs.start(
                Command.of(
                        "unshare",
                        words(
                                Command.prefork("run", "-w", "1", "--exec", "sh", "-c", script)
                                        .words())));
    }

    private static ProcessHandle first(Program unshare) {
        return children(unshare).findFirst().orElseThrow();
    }

    private static Stream<ProcessHandle> children(Program program) {
        return ProcessHandle.of(program.pid()).stream().flatMap(ProcessHandle::children);
    }

    @Test
    void givenOrphansOfAWorker_whenTheyEnd_thenTheyAreReapedAndTheWorkersExitCodeIsTold() {
        // The shell in brackets is gone at once; what it leaves is prefork's child, and says so.
        Program unshare =
                first(
                        """
                        for i in 1 2 3; do (sh -c 'read line < /proc/self/stat; exit 7' &); done
                        echo up; sleep 0.2; kill -STOP $$; exit 5
                        """);
        unshare.awaitLine("1 \\| up");
        ProcessHandle prefork = first(unshare);

        await("only the worker and the guardian are left")
                .atMost(Duration.ofSeconds(20))
                .until(() -> prefork.children().count() == 2);
        prefork.children()
                .filter(child -> Signals.isStopped(Math.toIntExact(child.pid())))
                .forEach(worker -> Signals.resume(Math.toIntExact(worker.pid())));

        unshare.awaitLine("prefork: worker 1 .* died: exit code 5");
    }

    @Test
    void givenAWorker_whenTheFirstProcessGetsTerm_thenItEndsWithZero() {
        Program unshare = first("echo up; exec sleep 1000");
        unshare.awaitLine("1 \\| up");

        Signals.send("TERM", Math.toIntExact(first(unshare).pid()));

        assertThat(unshare.awaitEnd()).isZero();
    }

    /** Linux drops a signal that nobody handles yet: the next one is heard. */
    @ParameterizedTest
    @ValueSource(ints = {0, 20, 40, 80, 150, 250, 350, 450, 600})
    void givenItHasHardlyBegun_whenItGetsTermUntilItEnds_thenItEndsInOrder(int millis) {
        Program unshare = first("exec sleep 1000");
        await().pollInterval(Duration.ofMillis(1))
                .until(() -> children(unshare).findFirst().isPresent());
        int prefork = Math.toIntExact(first(unshare).pid());

        await("its end")
                .pollDelay(Duration.ofMillis(millis))
                .pollInterval(Duration.ofSeconds(1))
                .atMost(Duration.ofSeconds(20))
                .until(() -> isGoneOrGetsTerm(prefork));

        // A JVM that is told to end in the instant in which it boots ends with 1.
        assertThat(unshare.awaitEnd()).isIn(0, 1, 143);
    }

    /**
     * The shell {@code prefork} has a handler from its first line on, and a JVM that is not the
     * first.
     */
    @ParameterizedTest
    @ValueSource(ints = {20, 40, 60, 80, 100, 120, 150, 200, 300, 400, 600, 900})
    void givenTheScriptHasHardlyBegun_whenItGetsTermOnce_thenItEndsInOrder(int millis)
            throws IOException {
        List<String> command = List.of(script(), "run", "-w", "1", "--exec", "sleep", "1000");
        Program unshare = programs.start(Command.of("unshare", words(command)));
        await().pollInterval(Duration.ofMillis(1)).until(() -> isPrefork(unshare));

        await("a moment").pollDelay(Duration.ofMillis(millis)).until(() -> true);
        Signals.send("TERM", Math.toIntExact(first(unshare).pid()));

        // A JVM that is ended while it boots may say 1.
        assertThat(unshare.awaitEnd()).isIn(0, 1, 143);
    }

    /** In a project that is built already. */
    private String script() throws IOException {
        for (String module : MODULES) {
            Files.createDirectories(folder.resolve(module).resolve("src/main"));
            Files.createFile(folder.resolve(module).resolve("pom.xml"));
        }
        Files.createFile(folder.resolve("pom.xml"));
        Path build = Files.createDirectories(folder.resolve("target/builds/one"));
        Files.createSymbolicLink(build.resolveSibling("current"), Path.of("one"));
        Files.copy(Command.preforkJar(), build.resolve("prefork.jar"));
        Files.createFile(build.resolve("built"));
        Path script = folder.resolve("prefork");
        Files.copy(Path.of("../prefork"), script, StandardCopyOption.COPY_ATTRIBUTES);
        return script.toString();
    }

    /** From its first line on; before that it is unshare, and then a shell that reads. */
    private static boolean isPrefork(Program unshare) {
        return children(unshare)
                .findFirst()
                .flatMap(first -> first.info().commandLine())
                .filter(line -> line.contains("/prefork run") && !line.startsWith("unshare"))
                .isPresent();
    }

    private static boolean isGoneOrGetsTerm(int prefork) {
        return ProcessHandle.of(prefork).map(ProcessHandle::destroy).isEmpty();
    }
}
