package dev.prefork.it.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

/** What the command {@code prefork} says when it cannot do what it is asked for. */
class LauncherIT {
    /** Failsafe runs in the module's folder. */
    static final Path LAUNCHER = Path.of("..", "prefork").toAbsolutePath().normalize();

    @TempDir Path folder;

    private record Outcome(int code, String output) {}

    private static Outcome run(Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(LAUNCHER.toString());
        builder.command().addAll(List.of(arguments));
        builder.environment().putAll(environment);
        Process process = builder.redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new Outcome(process.waitFor(), output.strip());
    }

    private Path executable(String name, String script) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void givenNoArguments_whenStarted_thenItTeachesByExample() throws Exception {
        Outcome outcome = run(Map.of());

        assertThat(outcome.code()).isZero();
        assertThat(outcome.output()).contains("./prefork run", "./prefork example server");
    }

    @Test
    void givenAFolderWithoutAJdk_whenStarted_thenItSaysWhichJdkItNeeds() throws Exception {
        Outcome outcome = run(Map.of("PREFORK_JAVA_HOME", folder.toString()), "example");

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.output())
                .isEqualTo(
                        "prefork: a JDK 25 or later is needed, but PREFORK_JAVA_HOME="
                                + folder
                                + " holds none");
    }

    @Test
    void givenAJdkThatIsTooOld_whenStarted_thenItSaysWhichItIs() throws Exception {
        executable("bin/java", "exit 1");
        executable("bin/javac", "exit 1");
        Files.writeString(folder.resolve("release"), "JAVA_VERSION=\"17.0.15\"\n");

        Outcome outcome = run(Map.of("PREFORK_JAVA_HOME", folder.toString()), "example");

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.output()).contains("a JDK 25 or later is needed").contains("17.0.15");
    }

    @Test
    void givenAnotherSystem_whenStarted_thenItSaysThatItRunsOnLinux() throws Exception {
        executable("uname", "echo Darwin");
        String path = folder + ":" + System.getenv("PATH");

        Outcome outcome = run(Map.of("PATH", path), "example");

        assertThat(outcome)
                .isEqualTo(
                        new Outcome(1, "prefork: Prefork runs on Linux only, and this is Darwin"));
    }
}
