package dev.prefork.it.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.prefork.ForkException;
import dev.prefork.Prefork;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/** Ways to start a program beside those of LaunchIT: its workers start as it did, or it is said. */
@Rule({"A1", "B6"})
class StartsIT {
    /** Prefork's jars are automatic modules, which name nothing that they require. */
    private static final String JACKSON = "com.fasterxml.jackson.core,com.fasterxml.jackson.jr.ob";

    /** As docs/library.md has them for jpackage. */
    private static final List<String> OF_WORKERS =
            List.of(
                    "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                    "--add-exports=java.base/jdk.internal.access=ALL-UNNAMED",
                    "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
                    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                    "--add-opens=java.base/java.net=ALL-UNNAMED");

    @TempDir static Path folder;
    private static Built built;

    @RegisterExtension final Programs programs = new Programs();

    @BeforeAll
    static void prepare() {
        built = new Built(folder);
    }

    private Program start(List<String> command) {
        return programs.start(new Command(command, Map.of()));
    }

    private static List<String> words(String first, List<String> options, String... more) {
        List<String> words = new ArrayList<>(List.of(first));
        words.addAll(options);
        words.addAll(Arrays.asList(more));
        return words;
    }

    private static List<String> withArguments(List<String> words) {
        words.addAll(Sample.ARGUMENTS);
        return words;
    }

    /** As IDEs start programs, which remove the file. */
    @Test
    void givenAFileOfArguments_whenItForks_thenTheWorkerIsTheSame() throws IOException {
        Path classes = built.compile("Main.java", Sample.SOURCE);
        List<String> options = new ArrayList<>(Sample.OPTIONS);
        options.addAll(
                List.of("-cp", '"' + classes.toString() + File.pathSeparator + libraries() + '"'));
        options.add(Sample.NAME);
        options.add("serve \"two words\"");
        Path file = Files.writeString(folder.resolve("args"), String.join("\n", options), UTF_8);

        Sample.assertServes(start(words(Command.javaExecutable(), List.of("@" + file))));
    }

    @Test
    void givenAFileOfArgumentsThatIsGone_whenItForks_thenTheExceptionNamesIt() throws IOException {
        Path classes =
                built.compile(
                        "Late.java",
                        """
                        public class Late {
                            public static void main(String[] args) throws Exception {
                                java.nio.file.Files.delete(java.nio.file.Path.of(args[0]));
                                try {
                                    dev.prefork.Cluster.fork();
                                } catch (dev.prefork.ForkException e) {
                                    System.out.println(e.getMessage());
                                }
                                System.exit(0);
                            }
                        }
                        """);
        Path file =
                Files.writeString(
                        folder.resolve("gone"),
                        "-cp " + classes + File.pathSeparator + libraries() + " Late");

        Program program =
                start(
                        words(
                                Command.javaExecutable(),
                                List.of("--enable-native-access=ALL-UNNAMED"),
                                "@" + file,
                                file.toString()));

        assertThat(program.awaitLine("cannot fork")).contains("@" + file, "ClusterSettings.exec(");
    }

    @Test
    void givenASourceFile_whenItForks_thenTheWorkerIsTheSame() throws IOException {
        Path file = built.write("source/Main.java", Sample.SOURCE);

        Sample.assertServes(
                start(
                        withArguments(
                                words(
                                        Command.javaExecutable(),
                                        Sample.OPTIONS,
                                        "-cp",
                                        libraries(),
                                        file.toString()))));
    }

    @Test
    void givenAnImageOfJlink_whenItForks_thenTheWorkerHasTheSameModules() throws IOException {
        Path source = built.write("module/app/Main.java", "package app;\n" + Sample.SOURCE);
        Path module =
                built.write(
                        "module/module-info.java",
                        "module app { requires prefork.cluster; requires jdk.httpserver; }");
        Path classes = built.compile("app", List.of("-p", libraries()), module, source);
        Path image = folder.resolve("image");
        run("jlink", "--add-modules", "jdk.httpserver", "--output", image.toString());

        Sample.assertServes(
                start(
                        withArguments(
                                words(
                                        image.resolve("bin/java").toString(),
                                        Sample.OPTIONS,
                                        "--add-modules",
                                        JACKSON,
                                        "-p",
                                        classes + File.pathSeparator + libraries(),
                                        "-m",
                                        "app/app.Main"))));
    }

    /** With -Pservers: making one takes long. */
    @Test
    void givenAnApplicationOfJpackage_whenItForksItsLauncher_thenTheWorkerIsTheSame()
            throws IOException {
        assumeTrue(Boolean.getBoolean("prefork.servers.all"), "needs -Pservers");
        Path input = Files.createDirectories(folder.resolve("input"));
        for (Path library : Built.library()) {
            Files.copy(library, input.resolve(library.getFileName()));
        }
        Path jar =
                built.jar(
                        "app.jar",
                        Sample.NAME,
                        built.compile("Main.java", Sample.SOURCE),
                        List.of());
        Files.copy(jar, input.resolve("app.jar"));
        List<String> words =
                new ArrayList<>(
                        List.of(
                                "--type",
                                "app-image",
                                "--name",
                                "App",
                                "--main-jar",
                                "app.jar",
                                "--main-class",
                                Sample.NAME));
        words.addAll(List.of("--input", input.toString(), "--dest", folder.toString()));
        Stream.concat(Sample.OPTIONS.stream(), OF_WORKERS.stream())
                .forEach(option -> words.addAll(List.of("--java-options", option)));
        words.addAll(List.of("--java-options", "-Dself=true"));
        run("jpackage", words.toArray(String[]::new));

        Sample.assertServes(start(withArguments(words(folder + "/App/bin/App", List.of()))));
    }

    /** This test. */
    @Test
    void givenARunnerOfTests_whenItForks_thenTheExceptionNamesItAndTheWayOut() {
        try (Prefork primary = Prefork.create()) {
            assertThatExceptionOfType(ForkException.class)
                    .isThrownBy(primary::fork)
                    .withMessageMatching(
                            "cannot fork: this JVM is .*ClusterSettings[.]exec[(]…[)]");
        }
    }

    private static String libraries() {
        return Built.path(Built.library());
    }

    private static void run(String tool, String... arguments) {
        StringWriter output = new StringWriter();
        PrintWriter to = new PrintWriter(output);
        int code = ToolProvider.findFirst(tool).orElseThrow().run(to, to, arguments);
        assertThat(code).as(() -> output.toString()).isZero();
    }
}
