package dev.prefork.it.library;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.it.support.Command;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;
import dev.prefork.it.support.Sources;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Workers of a program whose launcher has the library in a class loader of its own. */
@Rule({"A1", "B6"})
class FatJarIT {
    @TempDir static Path folder;
    private static Path jar;

    @RegisterExtension final Programs programs = new Programs();

    @BeforeAll
    static void build() throws IOException {
        jar = OwnLauncher.jar(new Sources(folder));
    }

    private Program start(List<String> arguments) {
        List<String> words = new ArrayList<>(List.of(Command.javaExecutable()));
        words.addAll(Sample.OPTIONS);
        words.addAll(List.of("-jar", jar.toString()));
        words.addAll(arguments);
        return programs.start(new Command(words, Map.of()));
    }

    @Test
    void givenALauncherWithALoaderOfItsOwn_whenItForks_thenItsWorkersServeOnePort()
            throws IOException {
        Sample.assertServes(start(Sample.ARGUMENTS));
    }

    /** Nobody but java is above its main. */
    @ParameterizedTest
    @CsvSource({"fail, code 1", "return, code 0"})
    void givenAMainThatEndsWithNothingLeftToDo_whenItHasEnded_thenTheWorkerEndsWithItsCode(
            String what, String code) {
        Program program = start(List.of(what, "alone"));

        assertThat(program.awaitValue("ended")).isEqualTo(code);
        assertThat(program.awaitExit()).isZero();
    }

    @Test
    void givenAMainThatListensForMessages_whenItHasEnded_thenTheWorkerWaitsForThem() {
        Program program = start(List.of("listen", "both"));
        program.awaitLines("worker ", 2);

        assertThat(program.values("ended")).isEmpty();
        program.signal("TERM");
        assertThat(program.awaitExit()).isEqualTo(143);
    }
}
