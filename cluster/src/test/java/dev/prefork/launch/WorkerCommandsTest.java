package dev.prefork.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.prefork.ClassDataSource.ClassData;
import dev.prefork.ClusterSettings;
import dev.prefork.ForkException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** SPEC B6. */
class WorkerCommandsTest {
    private static final String JAVA = "/jdk/bin/java";
    private static final String MAIN = "dev.prefork.worker.WorkerMain";
    private static final JavaCommandLine THIS =
            new JavaCommandLine(
                    List.of("-Xmx1g"),
                    List.of("-p", "mods"),
                    JavaCommandLine.Kind.CLASS,
                    "Main",
                    List.of("a b"));

    @TempDir Path folder;

    // This program, and others of its class path.

    @Test
    void givenAMainClass_whenForked_thenOurEntryRunsItWithAnAbsoluteClassPath() {
        WorkerCommand command = command(defaults().build());

        assertThat(command.executable()).isEqualTo(JAVA);
        assertThat(command.arguments())
                .startsWith("-Xmx1g")
                .containsAll(WorkerJvm.options())
                .containsSubsequence("-p", "mods")
                .endsWith("-cp", "/x:/y", MAIN, "Main", "a b");
        assertThat(command.what()).isEqualTo("java Main");
    }

    @Test
    void givenARelativeClassPath_whenForked_thenItIsAbsolute() {
        WorkerCommands commands = new WorkerCommands(Optional.of(THIS), "lib/a.jar:/b", JAVA, true);

        assertThat(of(commands, defaults().build()).arguments())
                .containsSubsequence("-cp", Path.of("lib/a.jar").toAbsolutePath() + ":/b");
    }

    @Test
    void givenNoClassPath_whenForked_thenThereIsNoneAsAnEmptyOneIsTheWorkingDirectory() {
        WorkerCommands commands = new WorkerCommands(Optional.of(THIS), "", JAVA, true);

        assertThat(of(commands, defaults().build()).arguments()).doesNotContain("-cp");
    }

    @Test
    void givenAJar_whenForked_thenItsMainClassRunsWithWhatItsManifestAsksFor() throws IOException {
        Path jar =
                Jars.write(
                        folder.resolve("app.jar"), "Main-Class: A\nAdd-Opens: java.base/java.io\n");

        assertThat(command(defaults().exec(jar.toString()).build()).arguments())
                .endsWith(
                        "--add-opens=java.base/java.io=ALL-UNNAMED",
                        "-cp",
                        jar + ":/x:/y",
                        MAIN,
                        "A",
                        "a b");
    }

    @Test
    void givenTheJarThatThisProgramIs_whenForked_thenItIsOnTheClassPathOnce() throws IOException {
        Path jar = Jars.write(folder.resolve("app.jar"), "Main-Class: A\n");
        WorkerCommands commands = new WorkerCommands(Optional.of(THIS), jar.toString(), JAVA, true);

        assertThat(of(commands, defaults().exec(jar.toString()).build()).arguments())
                .containsSubsequence("-cp", jar.toString(), MAIN);
    }

    @ParameterizedTest
    @CsvSource({"a/b.Main,-m a/b.Main", "a/b/Main.java,a/b/Main.java"})
    void givenAModuleOrASource_whenForked_thenItFindsItsOwnMain(String exec, String words) {
        List<String> expected = new ArrayList<>(List.of("-cp", "/x:/y"));
        expected.addAll(List.of(words.split(" ", -1)));
        expected.add("a b");

        assertThat(command(defaults().exec(exec).build()).arguments())
                .endsWith(expected.toArray(String[]::new))
                .doesNotContain(MAIN);
    }

    /** Not by its name, which any word may be under --source. */
    @Test
    void givenThisProgramsOwnKind_whenForked_thenItIsStartedAsThisOneWas() {
        JavaCommandLine script =
                new JavaCommandLine(
                        List.of("--source", "25"),
                        List.of(),
                        JavaCommandLine.Kind.SOURCE,
                        "script",
                        List.of());
        WorkerCommands commands = new WorkerCommands(Optional.of(script), "/x", JAVA, true);

        assertThat(of(commands, defaults().exec("script").build()).arguments())
                .doesNotContain(MAIN);
    }

    // A launcher with a class loader of its own.

    @Test
    void givenALaunchersOwnLoader_whenForked_thenTheLauncherIsStartedAndNobodyIsNamedToTheJdk()
            throws IOException {
        Path jar = Jars.write(folder.resolve("fat.jar"), "Main-Class: Launcher\n");
        WorkerCommands nested = new WorkerCommands(Optional.of(THIS), "lib.jar", JAVA, false);
        List<String> options = new ArrayList<>(List.of("-Xmx1g"));
        options.addAll(WorkerJvm.optionsOfAnyLoader());

        assertThat(of(nested, defaults().exec(jar.toString()).build()).arguments())
                .startsWith(options.toArray(String[]::new))
                .endsWith("-jar", jar.toString(), "a b")
                .noneMatch(word -> word.startsWith("-Djava.nio") || word.equals(MAIN));
        assertThat(of(nested, defaults().build()).arguments())
                .endsWith("-cp", Path.of("lib.jar").toAbsolutePath().toString(), "Main", "a b");
        assertThat(of(nested, defaults().execArgv("-cp", "theirs").build()).arguments())
                .startsWith("-cp", "theirs")
                .containsOnlyOnce("-cp")
                .endsWith("Main", "a b");
    }

    // Other executables.

    @ParameterizedTest
    @CsvSource({"java", "/other/bin/java"})
    void givenAnotherJava_whenForked_thenItIsAWorkerJvm(String executable) {
        WorkerCommand command = command(defaults().execPath(executable).build());

        assertThat(command.executable()).isEqualTo(executable);
        assertThat(command.arguments()).contains(MAIN);
    }

    @Test
    void givenAnotherExecutable_whenForked_thenTheOptionsOfThisJvmAreNotForIt() {
        WorkerCommand command = command(defaults().execPath("node").exec("server.js").build());

        assertThat(command)
                .isEqualTo(
                        new WorkerCommand("node", List.of("server.js", "a b"), "node server.js"));
    }

    @Test
    void givenOptionsForAnotherExecutable_whenForked_thenTheyComeFirst() {
        WorkerCommand command =
                command(
                        defaults()
                                .execPath("/bin/node")
                                .execArgv("--inspect")
                                .exec("server.js")
                                .build());

        assertThat(command.arguments()).containsExactly("--inspect", "server.js", "a b");
    }

    /** Whatever it is called, as {@code A=B} or {@code java}. */
    @ParameterizedTest
    @CsvSource({"A=B,A=B", "/opt/A=B,A=B", "java,java"})
    void givenAnExecutableAlone_whenForked_thenNothingStandsBeforeItsArguments(
            String executable, String what) {
        WorkerCommand command =
                command(
                        defaults()
                                .execPath(executable)
                                .execArgv()
                                .exec("")
                                .args("-jar", "x", "")
                                .build());

        assertThat(command)
                .isEqualTo(new WorkerCommand(executable, List.of("-jar", "x", ""), what));
    }

    // Programs that know nothing of us.

    @ParameterizedTest
    @CsvSource({"Main,Main", "A.java,A.java", "a/b.C,-m a/b.C"})
    void givenAStandaloneProgram_whenForked_thenItIsStartedAsItselfWithOurAgent(
            String exec, String words) {
        WorkerCommand command =
                command(defaults().standalone(true).exec(exec).execArgv("-cp", "lib").build());

        assertThat(String.join(" ", command.arguments()))
                .isEqualTo("-javaagent:/agent.jar -cp lib " + words + " a b");
    }

    @Test
    void givenAStandaloneJar_whenForked_thenJavaReadsItsManifestItself() throws IOException {
        Path jar = Jars.write(folder.resolve("app.jar"), "Main-Class: A\n");

        assertThat(command(defaults().standalone(true).exec(jar.toString()).build()).arguments())
                .endsWith("-jar", jar.toString(), "a b");
    }

    // What cannot be.

    @Test
    void givenNoProgram_whenForked_thenTheExceptionSaysHowToNameOne() {
        WorkerCommands commands = new WorkerCommands(Optional.empty(), "/x", JAVA, true);

        assertThatExceptionOfType(ForkException.class)
                .isThrownBy(() -> of(commands, ClusterSettings.empty()))
                .withMessageContaining("say what a worker is with ClusterSettings.exec(");
    }

    @Test
    void givenAJarThatIsNotThere_whenForked_thenTheExceptionNamesIt() {
        String jar = folder.resolve("no.jar").toString();

        assertThatExceptionOfType(ForkException.class)
                .isThrownBy(() -> command(defaults().exec(jar).build()))
                .withMessageContaining(jar);
        assertThatExceptionOfType(ForkException.class)
                .isThrownBy(() -> command(defaults().exec(jar).standalone(true).build()))
                .withMessageContaining(jar);
    }

    @Test
    void givenClassData_whenAStandaloneProgramStarts_thenItComesBeforeTheUsersOptions() {
        WorkerCommand command =
                of(
                        new WorkerCommands(Optional.of(THIS), "/x", JAVA, true),
                        defaults().exec("Main").standalone(true).execArgv("-Xmx64m").build(),
                        Optional.of(new ClassData(Path.of("/c.jar"), Path.of("/c.jsa"))));

        assertThat(command.arguments())
                .startsWith(
                        "-javaagent:/agent.jar",
                        "-Xbootclasspath/a:/c.jar",
                        "-XX:SharedArchiveFile=/c.jsa",
                        "-Xmx64m",
                        "Main");
    }

    private static ClusterSettings.Builder defaults() {
        return ClusterSettings.builder()
                .exec(THIS.program())
                .args(THIS.arguments())
                .execArgv(THIS.options());
    }

    private static WorkerCommand command(ClusterSettings settings) {
        return of(new WorkerCommands(Optional.of(THIS), "/x:/y", JAVA, true), settings);
    }

    private static WorkerCommand of(WorkerCommands commands, ClusterSettings settings) {
        return of(commands, settings, Optional.empty());
    }

    private static WorkerCommand of(
            WorkerCommands commands, ClusterSettings settings, Optional<ClassData> classData) {
        return commands.of(
                settings, settings.execArgv().orElse(List.of()), () -> "/agent.jar", classData);
    }
}
