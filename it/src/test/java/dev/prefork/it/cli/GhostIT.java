package dev.prefork.it.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.prefork.it.support.Command;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Signals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * A primary whose own jar is damaged while it runs: it goes on, or it ends; it never stays as a
 * ghost.
 */
class GhostIT {
    @RegisterExtension final Programs programs = new Programs();
    @TempDir Path folder;

    private Path jar() {
        return folder.resolve("prefork.jar");
    }

    /** The command in a copy of its jar. */
    private Command copy(Command prefork) throws IOException {
        List<String> words = prefork.words();
        int jar = words.indexOf("-jar") + 1;
        Files.copy(Path.of(words.get(jar)), jar());
        return new Command(
                words.stream()
                        .map(word -> word.equals(words.get(jar)) ? jar().toString() : word)
                        .toList(),
                prefork.environment());
    }

    private Program nodes() throws IOException {
        Path script =
                Files.writeString(
                        folder.resolve("server.js"),
                        """
                        require('http').createServer((request, response) => {
                            response.end(String(process.pid));
                        }).listen(0, '127.0.0.1');
                        """);
        return programs.start(copy(Command.prefork("run", "-w", "2", "--exec", "node", script)));
    }

    /** In place, as cp does it: the file that the JVM has open is another one then. */
    private void overwriteJar() throws IOException {
        Files.write(jar(), "garbage".repeat(1000).getBytes(UTF_8));
    }

    private static void awaitAllClassesLoaded(Program prefork) {
        Path threads = Path.of("/proc", "" + prefork.pid(), "task");
        await("all classes are loaded").until(() -> !names(threads).contains("prefork-classes"));
    }

    private static List<String> names(Path threads) throws IOException {
        try (Stream<Path> all = Files.list(threads)) {
            return all.map(thread -> read(thread.resolve("comm"))).toList();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException gone) {
            return "";
        }
    }

    /** SPEC F10. */
    @Test
    void givenItsJarIsOverwritten_whenAWorkerDiesAndItIsReloadedAndStopped_thenItDoesItAll()
            throws Exception {
        Program prefork = nodes();
        Running before = Running.await(prefork, 1);
        awaitAllClassesLoaded(prefork);
        overwriteJar();

        Signals.send("KILL", before.pids().getFirst());
        Running after = Running.await(prefork, 2);
        assertThat(after.pids()).hasSize(2).contains(after.ask());
        prefork.signal("HUP");
        String reloaded = prefork.awaitLine("prefork: reloaded 2 workers, pids ");
        assertThat(Running.numbers(reloaded.replaceAll(".*pids ", ""))).contains(after.ask());
        prefork.signal("TTIN");
        prefork.awaitLine("prefork: one worker more: 3");
        prefork.signal("TERM");

        assertThat(prefork.awaitEnd()).isZero();
        assertThat(prefork.lines()).endsWith("prefork: stopped");
    }

    /** SPEC F7, F10: what cannot be started now is started when it can be. */
    @Test
    void givenItsJarIsOverwritten_whenWorkersThatNeedItDie_thenTheyAreBackAtLeastWhenItIs()
            throws Exception {
        Program prefork = programs.start(copy(Running.served(folder.resolve("broken"), "-w", "2")));
        Running before = Running.await(prefork, 1);
        awaitAllClassesLoaded(prefork);
        Path sound = Files.copy(jar(), folder.resolve("sound.jar"));
        overwriteJar();

        before.pids().forEach(pid -> Signals.send("KILL", pid));
        prefork.awaitLines("prefork: worker . .* died: SIGKILL", 2);
        Files.write(jar(), Files.readAllBytes(sound));

        Running after = Running.await(prefork, 2);
        assertThat(after.pids()).hasSize(2).contains(after.ask());
        prefork.signal("TERM");
        assertThat(prefork.awaitEnd()).isZero();
    }

    /** SPEC F11. A jar that lacks a class is one that was replaced before the class was used. */
    @Test
    void givenAClassIsMissing_whenItIsNeededToGoOn_thenTheProcessEndsAndItsWorkersLeave()
            throws Exception {
        Command command = copy(Running.served(folder.resolve("broken"), "-w", "2"));
        removeFromJar("dev/prefork/supervise/End$Signal.class");
        Program prefork = programs.start(command);
        Running running = Running.await(prefork, 1);

        Signals.send("KILL", running.pids().getFirst());

        assertThat(prefork.awaitExit()).isEqualTo(70);
        prefork.awaitLine(
                "prefork: supervision has ended, so this process ends now and its workers with it:"
                        + " java.lang.NoClassDefFoundError: .*End.Signal.*");
        running.pids().forEach(Signals::awaitGone);
    }

    private void removeFromJar(String... names) throws IOException {
        try (FileSystem zip = FileSystems.newFileSystem(jar())) {
            Arrays.stream(names).map(zip::getPath).forEach(GhostIT::delete);
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
