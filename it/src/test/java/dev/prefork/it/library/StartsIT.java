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
import dev.prefork.it.support.Sources;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/** Ways to start a program beside those of LaunchIT: its workers start as it did, or it is said. */
@Rule({"A1", "B6"})
class StartsIT {
    /** As docs/library.md has them for jpackage. */
    private static final List<String> OF_WORKERS =
            List.of(
                    "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                    "--add-exports=java.base/jdk.internal.access=ALL-UNNAMED",
                    "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
                    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                    "--add-opens=java.base/java.net=ALL-UNNAMED");

    @TempDir Path folder;

    @RegisterExtension final Programs programs = new Programs();

    /** With these words, of which some may be lists. */
    private Program start(Object... words) {
        List<String> all = new ArrayList<>();
        for (Object some : words) {
            if (some instanceof List<?> list) {
                list.forEach(word -> all.add(word.toString()));
            } else {
                all.add(some.toString());
            }
        }
        return programs.start(new Command(all, Map.of()));
    }

    private Sources sources() {
        return new Sources(folder);
    }

    private Path compileSample() throws IOException {
        return Library.compile(sources(), Sample.NAME, Sample.SOURCE);
    }

    /** As IDEs start programs. */
    @Test
    void givenAFileOfArguments_whenItForks_thenTheWorkerIsTheSame() throws IOException {
        List<String> lines = new ArrayList<>(Sample.OPTIONS);
        lines.add("-cp \"" + Library.path(compileSample()) + "\" # where all is");
        lines.add(Sample.NAME + " serve");
        lines.add("\"two words\"");
        Path file = Files.write(folder.resolve("args"), lines, UTF_8);

        Sample.assertServes(start(Command.javaExecutable(), "@" + file));
    }

    @Test
    void givenAFileOfArgumentsThatIsGone_whenItForks_thenTheExceptionNamesIt() throws IOException {
        Path classes =
                Library.compile(
                        sources(),
                        "Late",
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
                        folder.resolve("gone"), "-cp " + Library.path(classes) + " Late", UTF_8);

        Program program =
                start(
                        Command.javaExecutable(),
                        "--enable-native-access=ALL-UNNAMED",
                        "@" + file,
                        file);

        assertThat(program.awaitLine("cannot fork")).contains("@" + file, "ClusterSettings.exec(");
    }

    @Test
    void givenASourceFile_whenItForks_thenTheWorkerIsTheSame() throws IOException {
        Path file = sources().write("Main.java", Sample.SOURCE);

        Sample.assertServes(
                start(
                        Command.javaExecutable(),
                        Sample.OPTIONS,
                        "-cp",
                        Library.path(),
                        file,
                        Sample.ARGUMENTS));
    }

    /** The image has the library, its options and no class path or module path. */
    @Test
    void givenAnImageOfJlink_whenItForks_thenTheWorkersAreOfThatImage() throws IOException {
        Path classes = module("requires jdk.httpserver;", Sample.SOURCE);
        Path image = folder.resolve("image");
        List<String> words = new ArrayList<>(List.of("-p", Library.path(classes)));
        words.addAll(List.of("--add-modules", "app", "--output", image.toString()));
        words.add("--add-options=--enable-native-access=dev.prefork");
        run("jlink", words);

        Program program =
                start(
                        image.resolve("bin/java"),
                        Sample.OPTIONS,
                        "--illegal-native-access=deny",
                        "-m",
                        "app/app.Main",
                        Sample.ARGUMENTS);

        Sample.assertServes(program);
        assertThat(program.lines()).noneMatch(line -> line.contains("WARNING"));
    }

    @Test
    void givenAModule_whenItForks_thenTheWorkersAreTheSame() throws IOException {
        Path classes = module("requires jdk.httpserver;", Sample.SOURCE);

        Sample.assertServes(
                start(
                        Command.javaExecutable(),
                        Sample.OPTIONS,
                        "-p",
                        Library.path(classes),
                        "-m",
                        "app/app.Main",
                        Sample.ARGUMENTS));
    }

    @ParameterizedTest
    @CsvSource({
        "opens app to dev.prefork;, Order[id=7]",
        "'', module app does not open app: add `opens app to dev.prefork;` to its module-info"
    })
    void givenAModule_whenItSendsARecord_thenItsPackageIsOpenedToTheLibrary(
            String opens, String said) throws IOException {
        Path classes =
                module(
                        opens,
                        """
                        import dev.prefork.*;

                        public class Main {
                            record Order(int id) {}

                            public static void main(String[] args) {
                                if (Cluster.isWorker()) {
                                    Cluster.worker().onMessage(Order.class, Cluster.worker()::send);
                                    return;
                                }
                                Cluster.onMessage(Order.class, (worker, order) -> {
                                    System.out.println("said " + order);
                                    worker.disconnect();
                                });
                                Worker worker = Cluster.fork();
                                try {
                                    worker.send(new Order(7));
                                } catch (IllegalArgumentException e) {
                                    System.out.println("said " + e.getMessage());
                                    worker.process().kill("SIGKILL");
                                }
                            }
                        }
                        """);

        Program program =
                start(
                        Command.javaExecutable(),
                        Sample.OPTIONS,
                        "--illegal-native-access=deny",
                        "--enable-native-access=dev.prefork",
                        "-p",
                        Library.path(classes),
                        "-m",
                        "app/app.Main");

        assertThat(program.awaitLine("said")).endsWith(said);
        assertThat(program.awaitExit()).isZero();
        assertThat(program.lines()).noneMatch(line -> line.contains("WARNING"));
    }

    /** Compiles module app, which has this class in package app. */
    private Path module(String directives, String source) throws IOException {
        Path descriptor =
                sources()
                        .write(
                                "module-info.java",
                                "module app { requires dev.prefork; %s }".formatted(directives));
        Path main = sources().write("app/Main.java", "package app;\n" + source);
        return sources().compile("app", List.of("-p", Library.path()), descriptor, main);
    }

    /** With -Pservers: making one takes long. */
    @Test
    void givenAnApplicationOfJpackage_whenItForks_thenTheWorkerIsTheSame() throws IOException {
        assumeTrue(Boolean.getBoolean("prefork.servers.all"), "needs -Pservers");
        Path jars = Files.createDirectories(folder.resolve("jars"));
        Files.copy(Library.jar(), jars.resolve(Library.jar().getFileName()));
        var _ = sources().jar("jars/app.jar", Sample.NAME, compileSample());
        List<String> words = new ArrayList<>(List.of("--type", "app-image", "--name", "App"));
        words.addAll(List.of("--main-jar", "app.jar", "--main-class", Sample.NAME));
        words.addAll(List.of("--input", jars.toString(), "--dest", folder.toString()));
        Stream.of(Sample.OPTIONS, OF_WORKERS)
                .flatMap(List::stream)
                .forEach(option -> words.addAll(List.of("--java-options", option)));
        run("jpackage", words);

        Sample.assertServes(start(folder.resolve("App/bin/App"), Sample.ARGUMENTS));
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

    private static void run(String tool, List<String> arguments) {
        StringWriter output = new StringWriter();
        PrintWriter to = new PrintWriter(output);
        int code =
                ToolProvider.findFirst(tool)
                        .orElseThrow()
                        .run(to, to, arguments.toArray(String[]::new));
        assertThat(code).as(output::toString).isZero();
    }
}
