package dev.prefork.it.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.prefork.it.support.Command;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;
import dev.prefork.it.support.Sources;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Nothing is fixed before main that a program may choose there: a class of the JDK that reads a
 * system property does so once, when it is initialised.
 */
@Rule("F1")
class BeforeMainIT {
    /** Sets properties, then says what has become of them. */
    private static final String SOURCE =
            """
            import java.net.InetSocketAddress;
            import java.net.URI;
            import java.net.URL;
            import java.net.URLConnection;
            import java.net.URLStreamHandler;
            import java.nio.channels.SocketChannel;
            import java.util.Arrays;
            import java.util.TimeZone;
            import java.util.concurrent.ForkJoinPool;

            public class Main {
                public static void main(String[] args) throws Exception {
                    System.setProperty("java.util.concurrent.ForkJoinPool.common.parallelism", "7");
                    System.setProperty("java.net.preferIPv4Stack", "true");
                    System.setProperty("user.timezone", "Asia/Tokyo");
                    System.setProperty("java.protocol.handler.pkgs", "handlers");
                    say(ForkJoinPool.commonPool().getParallelism());
                    say(TimeZone.getDefault().getID());
                    try (SocketChannel client = SocketChannel.open()) {
                        client.bind(null);
                        say(((InetSocketAddress) client.getLocalAddress()).getAddress());
                    }
                    say(new URI("jar:file:/x.jar!/").toURL().openConnection());
                    if (args.length > 0) {
                        System.in.read();
                        System.exit(1);
                    }
                }

                static void say(Object value) {
                    System.out.println("became " + value);
                }
            }
            """;

    private static final String HANDLER =
            """
            package handlers.jar;

            import java.net.URL;
            import java.net.URLConnection;
            import java.net.URLStreamHandler;

            public class Handler extends URLStreamHandler {
                @Override
                protected URLConnection openConnection(URL url) {
                    return null;
                }
            }
            """;

    /** A line of {@code -Xlog:class+init}. */
    private static final Pattern INITIALISING = Pattern.compile("Initializing '([^']+)'");

    @RegisterExtension final Programs programs = new Programs();
    @TempDir Path folder;

    @Test
    void givenPropertiesThatMainSets_whenItRuns_thenTheyCountAndNoOtherClassesAreInitialised()
            throws IOException {
        Path classes = compile();
        Path log = folder.resolve("alone.log");
        Program alone = alone(log, classes);
        Path workersLog = folder.resolve("worker.log");
        Program prefork =
                programs.start(
                        Command.prefork(
                                "run",
                                "-w",
                                "1",
                                "-J" + logTo(workersLog),
                                "-cp",
                                classes,
                                "Main"));
        assertThat(prefork.awaitEnd()).isZero();

        assertThat(prefork.values("1 | became")).isEqualTo(alone.values("became"));
        assertOnlyExplained(workersLog, log);
    }

    @Test
    void givenASpare_whenItIsAWorker_thenThatIsSoForItToo() throws IOException {
        Path classes = compile();
        Path log = folder.resolve("alone.log");
        Program alone = alone(log, classes);
        Program prefork =
                programs.start(
                        Command.prefork(
                                "run",
                                "-w",
                                "1",
                                "--spares",
                                "1",
                                "-J" + logTo(folder.resolve("worker-%p.log")),
                                "-cp",
                                classes,
                                "Main",
                                "waits"));
        prefork.awaitValues("1 | became", 4);
        await().until(() -> workersLogs().size() == 2);

        prefork.tell("go");

        assertThat(prefork.awaitValues("2 | became", 4)).isEqualTo(alone.values("became"));
        for (Path workersLog : workersLogs()) {
            assertOnlyExplained(workersLog, log);
        }
        prefork.signal("TERM");
        assertThat(prefork.awaitEnd()).isZero();
    }

    private Path compile() throws IOException {
        Sources sources = new Sources(folder);
        return sources.compile(
                sources.write("Main.java", SOURCE),
                sources.write("handlers/jar/Handler.java", HANDLER));
    }

    private Program alone(Path log, Path classes) {
        Program alone =
                programs.start(
                        Command.of(
                                Command.javaExecutable(),
                                logTo(log),
                                "-cp",
                                classes.toString(),
                                "Main"));
        assertThat(alone.awaitEnd()).isZero();
        assertThat(alone.values("became")).hasSize(4);
        return alone;
    }

    private List<Path> workersLogs() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith("worker-"))
                    .toList();
        }
    }

    private static void assertOnlyExplained(Path workersLog, Path log) throws IOException {
        Set<String> ours = initialisedBeforeMain(workersLog);
        ours.removeAll(initialisedBeforeMain(log));
        assertThat(ours).isNotEmpty();
        assertThat(InitialisedClasses.explained().complaintsOf(ours)).isEmpty();
    }

    private static String logTo(Path file) {
        return "-Xlog:class+init=info:file=" + file + ":none";
    }

    /** Classes of the JDK that have names. */
    private static Set<String> initialisedBeforeMain(Path log) throws IOException {
        return Files.readAllLines(log).stream()
                .flatMap(line -> INITIALISING.matcher(line).results())
                .map(found -> found.group(1).replace('/', '.'))
                .takeWhile(name -> !name.equals("Main"))
                .filter(name -> !name.contains("$$") && !name.contains("+"))
                .filter(name -> !name.startsWith("dev.prefork."))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
