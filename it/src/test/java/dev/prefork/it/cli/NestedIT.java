package dev.prefork.it.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.it.support.Command;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;
import dev.prefork.it.support.Signals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a worker's own children see of prefork, and one prefork below or beside another. */
@Rule("F1")
class NestedIT {
    private static final Object[] ITSELF = {"-cp", Running.classes(), Below.class.getName()};

    @RegisterExtension final Programs programs = new Programs();
    @TempDir Path folder;

    @Test
    void givenAWorker_whenItStartsJava_thenThatIsPlain() {
        Command child = java(ITSELF);
        Program plain = programs.start(child.with("PREFORK_SLOT", "0"));
        List<String> expected = List.copyOf(said(plain, ""));

        Program prefork = programs.start(run("-w", "1", words(child)));

        assertThat(said(prefork, "1 | ")).isEqualTo(expected);
        assertThat(prefork.awaitEnd()).isZero();
    }

    @Test
    void givenAWorker_whenItRunsPreforkRun_thenItsWorkerIsAsOfTheOuterOne() {
        Command child = java(ITSELF);
        Program plain = programs.start(child.with("PREFORK_SLOT", "0"));
        List<String> expected = List.copyOf(said(plain, ""));
        Command inner = run("-w", "1", words(child));

        Program prefork = programs.start(run("-w", "1", words(inner)));

        assertThat(said(prefork, "1 | 1 | ")).isEqualTo(expected);
        assertThat(prefork.awaitEnd()).isZero();
    }

    @Test
    void givenAWorkerInJava_whenItStartsNode_thenThatIsNoWorker() throws IOException {
        Path script =
                Files.writeString(
                        folder.resolve("primary.js"),
                        """
                        console.log('primary', require('cluster').isPrimary, process.send);
                        """);

        Program prefork =
                programs.start(run("-w", "1", words(Command.of("node", script.toString()))));

        prefork.awaitLine("1 \\| primary true undefined");
        assertThat(prefork.awaitEnd()).isZero();
    }

    @Rule("D2")
    @Test
    void givenAWorkerInNode_whenItForks_thenTheTwoTalkAsInNode() throws IOException {
        Path script =
                Files.writeString(
                        folder.resolve("fork.js"),
                        """
                        const { fork } = require('child_process');
                        const { isPrimary, isWorker } = require('cluster');
                        if (process.argv[2] === 'child') {
                            process.send({ isPrimary });
                        } else {
                            fork(__filename, ['child']).on('message', (said) => {
                                console.log('worker', isWorker, 'child', said.isPrimary);
                                process.exit(0);
                            });
                        }
                        """);

        Program prefork =
                programs.start(Command.prefork("run", "-w", "1", "--exec", "node", script));

        prefork.awaitLine("1 \\| worker true child true");
        assertThat(prefork.awaitEnd()).isZero();
    }

    @Rule("F8")
    @Test
    void givenPreforksBelowPrefork_whenTheOuterOneIsStopped_thenAllEnd() {
        List<Object> words = new ArrayList<>(List.of("run", "-w", "2", "--exec"));
        words.addAll(served().words());
        Program outer = programs.start(Command.prefork(words.toArray()));
        List<String> serving = outer.awaitLines("\\d \\| prefork: serving .* pids? ", 2);

        outer.signal("TERM");

        assertThat(outer.awaitEnd()).isZero();
        serving.forEach(
                line ->
                        Running.numbers(line.replaceAll(".*pids? ", ""))
                                .forEach(Signals::awaitGone));
        assertThat(outer.lines()).contains("1 | prefork: stopped", "2 | prefork: stopped");
    }

    @Test
    void givenSeveralPreforksInOneFolder_whenAllStartAtOnce_thenEachServes() throws IOException {
        List<Program> started =
                List.of(
                        programs.start(served()),
                        programs.start(served()),
                        programs.start(served()));

        for (Program prefork : started) {
            Running running = Running.await(prefork, 1);
            assertThat(running.pids()).contains(running.ask());
        }
        for (Program prefork : started) {
            prefork.signal("TERM");
            assertThat(prefork.awaitEnd()).isZero();
        }
    }

    private static List<String> said(Program program, String prefix) {
        return List.of("environment", "provider", "vm").stream()
                .map(label -> program.awaitLine("\\Q" + prefix + "\\E" + label + " "))
                .map(line -> line.substring(prefix.length()))
                .toList();
    }

    private Command served() {
        return Running.served(folder.resolve("broken"), "-w", "1");
    }

    private static Command java(Object... words) {
        return Command.of(
                Command.javaExecutable(),
                Arrays.stream(words).map(String::valueOf).toArray(String[]::new));
    }

    private static Object[] words(Command command) {
        List<Object> words = new ArrayList<>(List.of(ITSELF));
        words.addAll(command.words());
        return words.toArray();
    }

    /** The program of a worker and its arguments come last. */
    private static Command run(String option, String value, Object... program) {
        List<Object> words = new ArrayList<>(List.of("run", option, value));
        words.addAll(List.of(program));
        return Command.prefork(words.toArray());
    }
}
