package dev.prefork.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.prefork.ClusterSettings;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What workers are started with, before, in and after a reload (SPEC F13, F15). */
class GenerationsTest {
    @TempDir Path made;
    private Path folder;
    private final List<String> said = new ArrayList<>();
    private String option = "-Dnumber=1";

    @BeforeEach
    void twoReleases() throws IOException {
        folder = made.toRealPath();
        for (String release : List.of("1", "2")) {
            Files.createDirectories(folder.resolve(release).resolve("classes"));
            Files.writeString(folder.resolve(release).resolve("app.jar"), release);
        }
        Files.createSymbolicLink(folder.resolve("current"), Path.of("1"));
    }

    private void switchLink() throws IOException {
        Path next = folder.resolve("next");
        Files.createSymbolicLink(next, Path.of("2"));
        Files.move(next, folder.resolve("current"), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Runs what the line says, whatever it is. */
    private final class Line implements Generation.Source {
        private final ProgramArguments program;

        Line(Optional<String> classPath, String program) {
            this.program = new ProgramArguments(List.of(option), classPath, List.of(program, "@x"));
        }

        @Override
        public ProgramArguments program() {
            return program;
        }

        @Override
        public boolean isJava() {
            return true;
        }

        @Override
        public ClusterSettings settings(ProgramArguments now, Optional<Path> directory) {
            List<String> options = new ArrayList<>(now.jvmOptions());
            now.classPath().ifPresent(path -> options.addAll(List.of("-cp", path)));
            ClusterSettings.Builder settings =
                    ClusterSettings.builder().execArgv(options).exec(now.words().getFirst());
            directory.ifPresent(settings::cwd);
            return settings.build();
        }
    }

    private Generation read(String classPath, String program) {
        return Generation.read(
                new Line(Optional.ofNullable(classPath), program),
                Optional.of(folder.resolve("current")));
    }

    private Generations of(String classPath, String program) {
        return new Generations(
                read(classPath, program), () -> read(classPath, program), said::add, Runnable::run);
    }

    private static String exec(ClusterSettings settings) {
        return settings.exec().orElseThrow();
    }

    @Test
    void givenNothingHasChanged_thenAllAreStartedWithTheSame() {
        Generations generations = of(null, "app.jar");

        ClusterSettings first = generations.settings(1);

        assertThat(exec(first)).isEqualTo("app.jar");
        assertThat(generations.settings(1)).isSameAs(first);
        assertThat(said).isEmpty();
    }

    @Test
    void givenALinkThatIsSwitched_whenReloaded_thenOldAndNewHaveTheirOwnDirectories()
            throws IOException {
        Generations generations = of(null, "app.jar");
        switchLink();

        assertThat(generations.settings(1).cwd()).contains(folder.resolve("1"));
        assertThat(generations.settings(2).cwd()).contains(folder.resolve("2"));
        assertThat(said)
                .containsExactly(
                        "app.jar is now %s/2/app.jar, it was %s/1/app.jar"
                                .formatted(folder, folder));
    }

    @Test
    void givenAProgramThatIsReplaced_whenTheReloadFails_thenTheCopyIsStarted() throws IOException {
        Generations generations = of(null, "app.jar");
        Files.move(
                folder.resolve("2/app.jar"),
                folder.resolve("1/app.jar"),
                StandardCopyOption.REPLACE_EXISTING);
        assertThat(exec(generations.settings(2))).isEqualTo("app.jar");

        generations.keepOnly(1);

        assertThat(Path.of(exec(generations.settings(1)))).hasContent("1");
        assertThat(said).containsExactly("app.jar is another file than before");
    }

    @Test
    void givenAClassPath_whenItsEntriesAreReplaced_thenEachIsWhatItWas() throws IOException {
        String current = folder.resolve("current").toString();
        Generations generations =
                of(
                        "%s/app.jar:%s/classes:%s/*:none.jar".formatted(current, current, current),
                        "com.acme.Main");
        switchLink();

        ClusterSettings now = generations.settings(1);

        assertThat(now.execArgv().orElseThrow())
                .containsExactly(
                        "-Dnumber=1",
                        "-cp",
                        "%1$s/1/app.jar:%1$s/1/classes:%1$s/1/*:none.jar".formatted(folder));
        assertThat(exec(now)).isEqualTo("com.acme.Main");
    }

    @Test
    void givenAReload_whenItSucceeds_thenTheNextReadsAnewAndThoseBetweenDoNot() {
        Generations generations = of(null, "app.jar");
        option = "-Dnumber=2";
        assertThat(options(generations, 1)).containsExactly("-Dnumber=1");
        assertThat(options(generations, 2)).containsExactly("-Dnumber=2");
        option = "-Dnumber=3";

        generations.keepOnly(2);

        assertThat(options(generations, 2)).containsExactly("-Dnumber=2");
        assertThat(options(generations, 3)).containsExactly("-Dnumber=3");
    }

    private static List<String> options(Generations generations, int number) {
        return generations.settings(number).execArgv().orElseThrow();
    }

    @Test
    void givenAWorkingDirectoryThatIsGone_whenReloaded_thenItIsSaidAndTheOldOnesStay()
            throws IOException {
        Generations generations = of(null, "app.jar");
        Files.delete(folder.resolve("current"));

        assertThatThrownBy(() -> generations.settings(2))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("does not exist any more");
        assertThat(generations.settings(1).cwd()).contains(folder.resolve("1"));
    }
}
