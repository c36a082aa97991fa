package dev.prefork.it.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.it.support.Command;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;
import dev.prefork.it.support.Sources;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a JVM does at its end, after the shutdown hooks, a worker's does as well. */
@Rule("F1")
class JvmEndIT {
    private static final String SOURCE =
            """
            import com.sun.net.httpserver.HttpServer;
            import java.net.InetAddress;
            import java.net.InetSocketAddress;

            public class Main {
                public static void main(String[] args) throws Exception {
                    Runtime.getRuntime().addShutdownHook(
                            new Thread(() -> System.out.println("hook")));
                    HttpServer.create(new InetSocketAddress(
                            InetAddress.getLoopbackAddress(), 0), 0).start();
                    System.out.println("started");
                }
            }
            """;

    @RegisterExtension final Programs programs = new Programs();
    @TempDir Path folder;
    private Path jar;

    @BeforeEach
    void build() throws IOException {
        Sources sources = new Sources(folder);
        jar = sources.jar("app.jar", "Main", sources.compile(sources.write("Main.java", SOURCE)));
    }

    /** Serves once, ends by SIGTERM. */
    private List<String> run(Object... options) {
        List<Object> words = new ArrayList<>(List.of("run", "-w", "1", "--ports", "0=shared"));
        words.addAll(Arrays.asList(options));
        words.add(jar);
        Program prefork = programs.start(Command.prefork(words.toArray()));
        prefork.awaitLine("prefork: serving");
        prefork.signal("TERM");
        assertThat(prefork.awaitEnd()).isZero();
        assertThat(prefork.lines()).contains("1 | hook", "prefork: stopped");
        return prefork.lines();
    }

    @Test
    void givenRecordsAndStatistics_whenAWorkerIsTerminated_thenTheJvmMakesThemAfterTheHooks() {
        Path recording = folder.resolve("a.jfr");

        List<String> lines =
                run(
                        "-XX:StartFlightRecording=filename=" + recording,
                        "-XX:NativeMemoryTracking=summary",
                        "-XX:+UnlockDiagnosticVMOptions",
                        "-XX:+PrintNMTStatistics");

        assertThat(recording).isNotEmptyFile();
        assertThat(lines).containsSubsequence("1 | hook", "1 | Native Memory Tracking:");
    }

    /**
     * The cache is made at the end of the JVM; with AOTMode=on one that cannot be used is fatal.
     */
    @Test
    void givenAnAotCacheThatAWorkerHasMade_whenWorkersStart_thenTheyUseIt() throws IOException {
        Path cache = folder.resolve("app.aot");
        assertThat(run("-XX:AOTCacheOutput=" + cache))
                .contains(
                        "1 | AOTCache creation is complete: %s %d bytes"
                                .formatted(cache, Files.size(cache)));
        Path loaded = folder.resolve("loaded.log");

        run(
                "-XX:AOTCache=" + cache,
                "-XX:AOTMode=on",
                "-Xlog:class+load=info:file=" + loaded + ":none");

        assertThat(Files.readAllLines(loaded))
                .anyMatch(line -> line.startsWith("Main source: shared objects file"));
    }

    /** One that java alone has made, with the module that an agent brings. */
    @Test
    void givenAnAotCacheThatJavaHasMade_whenWorkersStart_thenTheyUseIt() {
        Path cache = folder.resolve("app.aot");
        Program training =
                programs.start(
                        Command.of(
                                Command.javaExecutable(),
                                "--add-modules=java.instrument",
                                "-XX:AOTCacheOutput=" + cache,
                                "-jar",
                                jar.toString()));
        training.awaitLine("started");
        training.signal("TERM");
        assertThat(training.awaitEnd()).isEqualTo(143);

        assertThat(run("-XX:AOTCache=" + cache, "-XX:AOTMode=on"))
                .noneMatch(line -> line.contains("error"));
    }
}
