package dev.prefork.it.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.prefork.it.support.Command;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Sampled;
import dev.prefork.it.support.Signals;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/** prefork.jar may become anything while it runs (SPEC F10). */
class OwnFilesIT {
    @RegisterExtension final Programs programs = new Programs();
    @TempDir Path folder;

    /** What can happen to a file that is in use. */
    enum Damage {
        /** As cp does it: whoever has the file open reads other bytes from now on. */
        OVERWRITTEN {
            @Override
            void to(Path jar) throws IOException {
                Files.write(jar, GARBAGE);
            }
        },
        /** As mv and package managers do it. */
        RENAMED_OVER {
            @Override
            void to(Path jar) throws IOException {
                Path other = Files.write(jar.resolveSibling("other"), GARBAGE);
                Files.move(other, jar, StandardCopyOption.REPLACE_EXISTING);
            }
        },
        REMOVED {
            @Override
            void to(Path jar) throws IOException {
                Files.delete(jar);
            }
        };

        private static final byte[] GARBAGE = "garbage".repeat(1000).getBytes(UTF_8);

        abstract void to(Path jar) throws IOException;
    }

    /** The command, in a copy of its jar that is ours to damage. */
    private Program start(Path jar) throws IOException {
        Command command = Running.served(folder.resolve("broken"), "-w", "2");
        String original = command.words().get(command.words().indexOf("-jar") + 1);
        Files.copy(Path.of(original), jar);
        List<String> words =
                command.words().stream()
                        .map(word -> word.equals(original) ? jar.toString() : word)
                        .toList();
        return programs.start(new Command(words, command.environment()));
    }

    @ParameterizedTest
    @Sampled({1, 3})
    @EnumSource
    void givenPreforkJarIsDamaged_whenWorkersDieAndAreReplaced_thenAllGoesOn(Damage damage)
            throws Exception {
        Path jar = folder.resolve("prefork.jar");
        Program prefork = start(jar);
        Running before = Running.await(prefork, 1);
        awaitAllClassesLoaded(prefork);

        damage.to(jar);

        assertThat(before.pids()).contains(before.ask(), before.ask());
        Signals.send("KILL", before.pids().getFirst());
        Running after = Running.await(prefork, 2);
        assertThat(after.pids()).hasSize(2).contains(before.pids().getLast());
        assertThat(List.of(after.ask(), after.ask()))
                .containsExactlyInAnyOrderElementsOf(after.pids());

        AtomicBoolean enough = new AtomicBoolean();
        CompletableFuture<Integer> client =
                CompletableFuture.supplyAsync(
                        () -> askUntil(enough, after), Thread.ofVirtual()::start);
        prefork.signal("HUP");
        String reloaded = prefork.awaitLine("prefork: reloaded 2 workers, pids ");
        enough.set(true);
        assertThat(client.get()).isPositive();
        assertThat(Running.numbers(reloaded.replaceAll(".*pids ", "")))
                .doesNotContainAnyElementsOf(after.pids())
                .contains(after.ask());

        prefork.signal("TERM");
        assertThat(prefork.awaitEnd()).isZero();
        assertThat(prefork.lines()).endsWith("prefork: stopped");
    }

    /** The command loads its own classes while its workers start; 15 letters of a name count. */
    private static void awaitAllClassesLoaded(Program prefork) {
        Path threads = Path.of("/proc", "" + prefork.pid(), "task");
        await("all classes are loaded").until(() -> !names(threads).contains("prefork-classes"));
    }

    private static List<String> names(Path threads) throws IOException {
        try (Stream<Path> all = Files.list(threads)) {
            return all.map(OwnFilesIT::name).toList();
        }
    }

    private static String name(Path thread) {
        try {
            return Files.readString(thread.resolve("comm")).strip();
        } catch (IOException ended) {
            return "";
        }
    }

    private static int askUntil(AtomicBoolean enough, Running running) {
        int answers = 0;
        try {
            while (!enough.get()) {
                running.ask();
                answers++;
            }
            return answers;
        } catch (IOException e) {
            throw new AssertionError("after " + answers + " answers", e);
        }
    }
}
