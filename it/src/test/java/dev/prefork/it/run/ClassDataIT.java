package dev.prefork.it.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.prefork.it.support.Client;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.Ports;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;
import dev.prefork.it.support.Sampled;
import dev.prefork.it.support.Signals;
import dev.prefork.it.support.Sources;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Class data: made once beside the workers, and then what their JVMs start with (decision 0026).
 */
class ClassDataIT {
    /** Says what of us a program can see. */
    private static final String SOURCE =
            """
            import java.net.*;
            import java.util.*;

            public class Main {
                public static void main(String[] arguments) throws Exception {
                    ServerSocket server = new ServerSocket(
                            Integer.parseInt(arguments[0]), 50, InetAddress.getLoopbackAddress());
                    while (true) {
                        try (Socket client = server.accept()) {
                            client.getOutputStream().write((
                                    ProcessHandle.current().pid()
                                            + " " + count("META-INF/MANIFEST.MF")
                                            + " " + count("META-INF/services/dev.prefork.net.ListenBroker")
                                            + " " + System.getProperty("java.class.path")
                                            + " " + System.getProperty("jdk.boot.class.path.append"))
                                    .getBytes());
                        }
                    }
                }

                static int count(String resource) throws Exception {
                    return Collections.list(
                            ClassLoader.getSystemResources(resource)).size();
                }
            }
            """;

    private static final Duration TRAINING_MAY_TAKE = Duration.ofSeconds(90);

    @RegisterExtension final Programs programs = new Programs();
    @TempDir Path folder;
    private Path data;
    private Path classes;
    private int port;

    @BeforeEach
    void make() throws IOException {
        port = Ports.row(1);
        Sources sources = new Sources(folder.resolve("sources"));
        classes = sources.compile(sources.write("Main.java", SOURCE));
        data = folder.resolve("data");
    }

    private Command command(String... options) {
        List<Object> words =
                Stream.of(
                                Stream.of("run", "-w", "1", "--class-data", data),
                                Stream.of(options),
                                Stream.of("-J-Xlog:class+load:file=" + folder.resolve("%p.log")),
                                Stream.of("-cp", classes, "Main", port))
                        .flatMap(words_ -> words_)
                        .map(Object.class::cast)
                        .toList();
        return Command.prefork(words.toArray());
    }

    private Program start(String... options) {
        Program prefork = programs.start(command(options));
        prefork.awaitLine("prefork: serving .*");
        return prefork;
    }

    private Optional<Path> find(String name) throws IOException {
        if (!Files.exists(data)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.walk(data)) {
            return files.filter(file -> file.endsWith(name)).findFirst();
        }
    }

    private String answer() throws IOException {
        return Client.read(port);
    }

    private List<String> loadedBy(String answer) throws IOException {
        String pid = answer.substring(0, answer.indexOf(' '));
        return Files.readAllLines(folder.resolve(pid + ".log"));
    }

    private static long ours(List<String> loaded, String from) {
        return loaded.stream()
                .filter(line -> line.contains(" dev.prefork.worker.") && line.endsWith(from))
                .count();
    }

    @Rule("F1")
    @Test
    void givenAWorkerThatServes_whenClassDataHasBeenMade_thenTheNextStartsWithItAndSeesNoMore()
            throws Exception {
        Program prefork = start("-J-Xmx64m");
        String first = answer();
        assertThat(ours(loadedBy(first), "source: shared objects file")).isZero();
        await().atMost(TRAINING_MAY_TAKE).until(() -> find("classes.jsa").isPresent());

        Signals.send("KILL", Integer.parseInt(first.split(" ", -1)[0]));
        String second = answer();

        assertThat(ours(loadedBy(second), "source: shared objects file")).isGreaterThan(20);
        assertThat(words(second)).isEqualTo(words(first));
        prefork.signal("TERM");
        assertThat(prefork.awaitEnd()).isZero();

        // And from the start, the next time; with other options it is another JVM.
        Program again = start("-J-Xmx64m");
        assertThat(ours(loadedBy(answer()), "source: shared objects file")).isGreaterThan(20);
        again.signal("TERM");
        assertThat(again.awaitEnd()).isZero();
        Program other = start("-J-XX:+UseParallelGC");
        assertThat(ours(loadedBy(answer()), "source: shared objects file")).isZero();
        other.signal("TERM");
        assertThat(other.awaitEnd()).isZero();
    }

    private static String words(String answer) {
        return answer.substring(answer.indexOf(' '));
    }

    /** A preparation that has ended. */
    private Program prepared(String... options) {
        Program preparation =
                programs.start(
                        command(
                                Stream.concat(Stream.of("--prepare"), Arrays.stream(options))
                                        .toArray(String[]::new)));
        await().atMost(TRAINING_MAY_TAKE).until(() -> !preparation.isAlive());
        return preparation;
    }

    @Test
    void givenPreparation_whenWorkersStart_thenTheFirstHasItAlready() throws Exception {
        Program preparation = prepared("-J-Xmx64m");
        assertThat(preparation.awaitEnd()).isZero();
        preparation.awaitLine("prefork: class data for these workers is in " + data + "/\\w+");

        start("-J-Xmx128m", "-J-Xss512k");

        assertThat(ours(loadedBy(answer()), "source: shared objects file")).isGreaterThan(20);
    }

    /** With each of these the JVM could refuse an archive, and complain. */
    @ParameterizedTest
    @Sampled({1, 3})
    @ValueSource(
            strings = {
                "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0"
                        + " -javaagent:",
                "-XX:StartFlightRecording",
                "-XX:+UseZGC -Xmx40g --add-opens=java.base/java.lang=ALL-UNNAMED"
            })
    void givenAgentsAndOtherOddOptions_whenPrepared_thenItIsUsedWithoutAWord(String option)
            throws Exception {
        String[] options =
                (option.endsWith(":") ? option + agent() : option)
                        .replaceAll("(^| )", "$1-J")
                        .split(" ", -1);
        assertThat(prepared(options).awaitEnd()).isZero();

        Program prefork = start(options);

        assertThat(ours(loadedBy(answer()), "source: shared objects file")).isGreaterThan(20);
        assertThat(prefork.lines()).noneMatch(line -> line.contains("[cds]"));
    }

    private Path agent() throws IOException {
        Sources sources = new Sources(folder.resolve("agent"));
        Path classes =
                sources.compile(
                        sources.write(
                                "Agent.java",
                                """
                                public class Agent {
                                    public static void premain(String words,
                                            java.lang.instrument.Instrumentation all) {
                                        all.addTransformer(new java.lang.instrument.ClassFileTransformer() {});
                                    }
                                }
                                """));
        return sources.jar("agent.jar", classes, Map.of("Premain-Class", "Agent"));
    }

    @Test
    void givenPreparationOfWhatHasNone_whenItEnds_thenItSaysWhy() throws Exception {
        Program preparation = prepared("-J-Xshare:off");

        preparation.awaitLine("prefork: no class data for these workers: .* options .*");
        assertThat(preparation.awaitEnd()).isEqualTo(1);
    }

    @Test
    void givenATraining_whenPreforkEnds_thenNothingOfItIsLeft() throws Exception {
        Program prefork = start("-J-Xmx64m");
        ProcessHandle training = awaitTraining(prefork);
        List<ProcessHandle> all =
                Stream.concat(Stream.of(training), training.descendants()).toList();

        prefork.signal("TERM");

        assertThat(prefork.awaitEnd()).isZero();
        all.forEach(one -> Signals.awaitGone((int) one.pid()));
        assertThat(find("classes.jsa")).isEmpty();
    }

    @Test
    void givenATraining_whenPreforkIsKilled_thenNothingOfItIsLeft() throws Exception {
        Program prefork = start("-J-Xmx64m");
        ProcessHandle training = awaitTraining(prefork);
        List<ProcessHandle> all =
                Stream.concat(Stream.of(training), training.descendants()).toList();

        prefork.signal("KILL");

        all.forEach(one -> Signals.awaitGone((int) one.pid()));
    }

    /** It gives way to all others. */
    private static ProcessHandle awaitTraining(Program prefork) throws IOException {
        ProcessHandle training =
                await().atMost(TRAINING_MAY_TAKE)
                        .pollInterval(Duration.ofMillis(20))
                        .until(() -> training(prefork), Optional::isPresent)
                        .orElseThrow();
        await().until(() -> nice(training) == 19);
        return training;
    }

    private static Optional<ProcessHandle> training(Program prefork) {
        return ProcessHandle.of(prefork.pid())
                .orElseThrow()
                .children()
                .filter(
                        child ->
                                child.info()
                                        .commandLine()
                                        .orElse("")
                                        .contains("dev.prefork.classdata.Training"))
                .findFirst();
    }

    private static int nice(ProcessHandle process) throws IOException {
        String stat = Files.readString(Path.of("/proc", "" + process.pid(), "stat"));
        return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[16]);
    }

    @Test
    void givenOptionsThatATrainingMustNotRepeat_whenStarted_thenNothingIsMade() throws Exception {
        start("-J-Xshare:off");

        assertThat(answer()).isNotEmpty();
        assertThat(data).doesNotExist();
    }

    /** Such as a home that nobody may write to. */
    @Test
    void givenAFolderThatCannotBe_whenStarted_thenTheWorkersStartAsEver() throws Exception {
        Files.createFile(data);

        start("-J-Xmx64m");

        assertThat(answer()).isNotEmpty();
    }
}
