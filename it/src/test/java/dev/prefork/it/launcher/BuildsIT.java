package dev.prefork.it.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.it.support.Command;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/**
 * The builds that the command {@code prefork} makes of its own sources, beside those that others
 * run from; with a Maven that only counts and a Java that says what is in the jar that it runs.
 */
class BuildsIT {
    private static final List<String> MODULES =
            List.of("posix", "ipc", "net", "supervise", "cluster", "cli", "examples", "bench");

    @RegisterExtension final Programs programs = new Programs();
    @TempDir Path home;

    @BeforeEach
    void aCheckout() throws IOException {
        Files.copy(LauncherIT.LAUNCHER, home.resolve("prefork"));
        Files.createFile(home.resolve("pom.xml"));
        for (String module : MODULES) {
            Files.createDirectories(home.resolve(module).resolve("src/main"));
            Files.createFile(home.resolve(module).resolve("pom.xml"));
        }
        executable(
                "bin/mvn",
                """
                echo built >>builds
                [ ! -e broken ] || { echo '[ERROR] a mistake'; exit 1; }
                for file in cli/target/fast/prefork.jar examples/target/fast/prefork-examples.jar \\
                    examples/target/fast/lib/some.jar bench/target/fast/prefork-bench.jar
                do
                    mkdir -p "${file%/*}"
                    echo "build $(grep -c built builds)" >"$file"
                done
                """);
        executable("jdk/bin/javac", "");
        executable(
                "jdk/bin/java",
                """
                while [ "$1" != -jar ]; do shift; done
                cat "$2"
                [ "$3" != wait ] || { read -r line && cat "$2"; }
                [ "$3" != variables ] || env
                """);
        Files.writeString(home.resolve("jdk/release"), "JAVA_VERSION=\"25\"\n");
    }

    private void executable(String name, String script) throws IOException {
        Path file = home.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + script);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Program launch(String... arguments) {
        return programs.start(launcher(arguments));
    }

    private Command launcher(String... arguments) {
        return Command.of(home.resolve("prefork").toString(), arguments)
                .with("PREFORK_JAVA_HOME", home.resolve("jdk").toString())
                .with("PATH", home.resolve("bin") + ":" + System.getenv("PATH"));
    }

    private void changeASource(String name) throws IOException {
        Files.writeString(home.resolve("cli/src/main").resolve(name), "");
    }

    private List<Path> builds() throws IOException {
        try (Stream<Path> all = Files.list(home.resolve("target/builds"))) {
            return all.filter(file -> Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)).toList();
        }
    }

    @Test
    void givenSourcesThatChange_whenOneStillRunsFromTheFormerBuild_thenItKeepsItsJar()
            throws Exception {
        Program first = launch("wait");
        first.awaitLine("build 1");

        changeASource("Two.java");
        Program second = launch("run");
        assertThat(second.awaitEnd()).isZero();
        second.awaitLine("build 2");
        first.tell("go on");

        assertThat(first.awaitEnd()).isZero();
        assertThat(first.awaitLines("build 1", 2)).hasSize(2);
    }

    @Test
    void givenBuildsThatNobodyRunsFrom_whenThereIsANewOne_thenTheyAreRemoved() throws Exception {
        launch("run").awaitEnd();
        changeASource("Two.java");
        Program running = launch("wait");
        running.awaitLine("build 2");
        assertThat(builds()).hasSize(1);

        changeASource("Three.java");
        launch("run").awaitEnd();
        assertThat(builds()).hasSize(2);
        running.tell("go on");
        running.awaitEnd();
        Program last = launch("run");
        last.awaitEnd();

        last.awaitLine("build 3");
        assertThat(builds()).hasSize(1);
    }

    @Test
    void givenNoBuild_whenTwoAreStartedAtOnce_thenTheyShareOne() {
        Program first = launch("run");
        Program second = launch("run");

        assertThat(first.awaitEnd()).isZero();
        assertThat(second.awaitEnd()).isZero();

        first.awaitLine("build 1");
        second.awaitLine("build 1");
    }

    @Test
    void givenABuildThatFails_whenItIsRepaired_thenTheFormerOneWasNotTouched() throws Exception {
        launch("run").awaitEnd();
        changeASource("Two.java");
        Files.createFile(home.resolve("broken"));

        Program failing = launch("run");
        assertThat(failing.awaitEnd()).isEqualTo(1);
        failing.awaitLine("\\[ERROR\\] a mistake");
        assertThat(builds()).hasSize(1);
        Files.delete(home.resolve("broken"));
        Program repaired = launch("run");

        assertThat(repaired.awaitEnd()).isZero();
        repaired.awaitLine("build 3");
    }

    @Test
    void givenClassDataOfTheBuild_whenStartedOnItsJdk_thenTheJvmHasIt() throws Exception {
        executable("cli/src/main/sh/own-class-data.sh", "echo \"$1 $2\" >\"$3\"");
        executable("jdk/bin/java", "echo \"$@\"");

        Program prefork = launch("run");
        assertThat(prefork.awaitEnd()).isZero();
        Files.writeString(home.resolve("jdk/release"), "JAVA_VERSION=\"26\"\n");
        Program another = launch("run");
        assertThat(another.awaitEnd()).isZero();

        Path build = builds().getFirst();
        Path jar = build.resolve("prefork.jar");
        String line = prefork.awaitLine(".* -jar " + jar + " run");
        Path archive = Path.of(line.replaceAll(".* -XX:SharedArchiveFile=(\\S+) .*", "$1"));
        assertThat(archive).hasParent(build).hasContent(home.resolve("jdk/bin/java") + " " + jar);
        assertThat(another.awaitLine(".* -jar .*")).doesNotContain("SharedArchiveFile");
    }

    @Test
    void givenClassDataThatCannotBeMade_whenStarted_thenItRunsWithout() throws Exception {
        executable("cli/src/main/sh/own-class-data.sh", "exit 1");

        Program prefork = launch("run");

        assertThat(prefork.awaitEnd()).isZero();
        prefork.awaitLine("build 1");
    }

    /** SPEC F3, F1: the workers have them again, byte for byte. */
    @Rule("F3")
    @Test
    void givenOptionsForEveryJvm_whenStarted_thenPreforksOwnHasNoneAndTheyAreKept()
            throws Exception {
        String tools = "-javaagent:a.jar='x y'  $HOME \\n";

        Program prefork =
                programs.start(
                        launcher("variables")
                                .with("JAVA_TOOL_OPTIONS", tools)
                                .with("_JAVA_OPTIONS", "-Xmx1g")
                                .with("JDK_JAVA_OPTIONS", ""));

        assertThat(prefork.awaitEnd()).isZero();
        assertThat(prefork.lines())
                .contains("PREFORK_KEPT_JAVA_TOOL_OPTIONS=" + tools)
                .contains("PREFORK_KEPT__JAVA_OPTIONS=-Xmx1g")
                .noneMatch(line -> line.matches("(JAVA_TOOL|JDK_JAVA|_JAVA)_OPTIONS=.*"));
    }
}
