package dev.prefork.it.servers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.it.support.Command;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;
import dev.prefork.it.support.Signals;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** An executable that GraalVM's native-image made, as npm has it: Google's Closure Compiler. */
@Rule("F1")
@EnabledIfSystemProperty(named = ProgramsIT.NAMES, matches = ".+")
class NativeExecutableIT {
    private static final String PACKAGE = "google-closure-compiler-linux";
    private static final String VERSION = "20261015.0.0";
    private static final Path INSTALLED = Path.of("target", "native-executable").toAbsolutePath();
    private static final String PROGRAM = "var a = 1 + 2; alert(a);\n";
    private static final String COMPILED = "var a=3;alert(a);";

    @RegisterExtension final Programs programs = new Programs();
    @TempDir Path folder;

    @BeforeEach
    void install() {
        if (!Files.exists(compiler())) {
            Program npm =
                    programs.start(
                            Command.of(
                                    "npm",
                                    "install",
                                    "--no-audit",
                                    "--no-fund",
                                    "--prefix",
                                    INSTALLED.toString(),
                                    PACKAGE + "@" + VERSION));
            assertThat(npm.awaitEnd()).isZero();
        }
    }

    private static Path compiler() {
        return INSTALLED.resolve("node_modules").resolve(PACKAGE).resolve("compiler");
    }

    private Program run(int workers, Object... arguments) {
        List<Object> words = new ArrayList<>(List.of("run", "-w", workers, "--exec", compiler()));
        words.addAll(List.of(arguments));
        return programs.start(Command.prefork(words.toArray()));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void givenAFile_whenCompiled_thenEachWorkerPrintsAndEndsAsAlone(int workers)
            throws IOException {
        Path file = Files.writeString(folder.resolve("a.js"), PROGRAM);

        Program prefork = run(workers, "--js", file);

        assertThat(prefork.awaitEnd()).isZero();
        assertThat(prefork.lines())
                .filteredOn(line -> line.contains(COMPILED))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, workers)
                                .mapToObj(worker -> worker + " | " + COMPILED)
                                .toList());
    }

    @Test
    void givenItsInput_whenOneWorkerReadsIt_thenItIsCompiledToItsEnd() {
        Program prefork = run(1);
        prefork.awaitLine("1 \\| The compiler is waiting");

        prefork.tell(PROGRAM);
        prefork.tellNoMore();

        assertThat(prefork.awaitEnd()).isZero();
        assertThat(prefork.lines()).contains("1 | " + COMPILED);
    }

    @Test
    void givenAMistake_whenCompiled_thenItsExitCodeIsTold() {
        Program prefork = run(1);

        prefork.tell("var (");
        prefork.tellNoMore();

        prefork.awaitLine("prefork: worker 1 .* died: exit code 1");
    }

    @Test
    void givenTwoThatWait_whenOneGetsTerm_thenItsEndIsItsOwnAndAnotherTakesItsPlace() {
        Program prefork = run(2);
        prefork.awaitLines("\\d \\| The compiler is waiting", 2);
        int worker =
                ProcessHandle.of(prefork.pid())
                        .orElseThrow()
                        .children()
                        .filter(child -> child.info().command().orElse("").endsWith("compiler"))
                        .map(child -> Math.toIntExact(child.pid()))
                        .findFirst()
                        .orElseThrow();

        Signals.send("TERM", worker);

        prefork.awaitLine("prefork: worker \\d \\(pid " + worker + "\\) died: exit code 143");
        prefork.awaitLines("\\d \\| The compiler is waiting", 3);
        prefork.signal("TERM");
        assertThat(prefork.awaitEnd()).isZero();
    }
}
