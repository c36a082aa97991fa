package dev.prefork.it.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.prefork.it.support.Client;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.Ports;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;
import dev.prefork.it.support.Sampled;
import dev.prefork.it.support.Signals;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Commands that start the server instead of being it: it joins, however far below it is. */
@Rule({"F4", "F6", "F8"})
class WrapperIT {
    private static final String JAVA = Command.javaExecutable();

    /** As those are that Gradle and Maven make: finds a JVM, puts options together, becomes it. */
    private static final String LAUNCHER =
            """
            #!/bin/sh
            app_home=$(cd "$(dirname "$0")/.." >/dev/null && pwd -P) || exit
            JAVACMD=$JAVA_HOME/bin/java
            "$JAVACMD" -version >/dev/null 2>&1 || exit 1
            version=$("$JAVACMD" -version 2>&1 | sed -n 's/.* version "\\([0-9]*\\).*/\\1/p')
            echo "found Java $version"
            set -- -Xmx64m -XX:+UseSerialGC -classpath "$CLASSES" dev.prefork.it.cli.Served "$@"
            """;

    @RegisterExtension private final Programs programs = new Programs();
    @TempDir private Path folder;
    private Path temporary;

    @BeforeEach
    void makeProject() throws IOException {
        temporary = Files.createDirectory(folder.resolve("tmp dir"));
        Files.writeString(
                folder.resolve("server.js"),
                """
                const cluster = require('cluster');
                require('http').createServer((request, response) => {
                    response.end(String(process.pid));
                }).listen(0, '127.0.0.1', () => {
                    const {NODE_OPTIONS, JDK_JAVA_OPTIONS, PREFORK_JOIN} = process.env;
                    console.log(cluster.isWorker ? 'worker ' + cluster.worker.id : 'alone',
                        NODE_OPTIONS, JDK_JAVA_OPTIONS, PREFORK_JOIN);
                });
                """);
        Files.writeString(
                folder.resolve("spawn.js"),
                """
                const {spawn} = require('child_process');
                spawn(process.execPath, ['server.js'], {stdio: 'inherit'})
                    .on('exit', code => process.exit(code));
                """);
        Files.writeString(
                folder.resolve("package.json"),
                """
                {"name": "app", "version": "1.0.0", "scripts": {
                    "start": "node server.js",
                    "deep": "npm run --silent deeper",
                    "deeper": "node spawn.js"
                }}
                """);
        executable("bin/exec", LAUNCHER + "exec \"$JAVACMD\" \"$@\"\n");
        executable("bin/below", LAUNCHER + "\"$JAVACMD\" \"$@\"\nexit $?\n");
        executable("bin/wait", LAUNCHER + "\"$JAVACMD\" \"$@\" &\nwait $!\n");
        executable("bin/nested", "#!/bin/sh\n\"$(dirname \"$0\")/below\" \"$@\"; true\n");
    }

    private void executable(String name, String script) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, script);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Command wrapped(List<String> options, String... command) {
        List<Object> words = new ArrayList<>(List.of("run", "-w", "2"));
        words.addAll(options);
        words.add("--exec");
        words.addAll(List.of(command));
        Command prefork = Command.prefork(words.toArray());
        List<String> all = new ArrayList<>(prefork.words());
        all.addFirst("--chdir=" + folder);
        all.addFirst("env");
        all.add(3, "-Djava.io.tmpdir=" + temporary);
        return new Command(all, prefork.environment())
                .with("JAVA_HOME", System.getProperty("java.home"))
                .with("NODE12", System.getProperty("prefork.node12"))
                .with("CLASSES", Running.classes().toString());
    }

    private Program start(String... command) {
        return programs.start(wrapped(List.of("--ports", "0=shared"), command));
    }

    private void awaitNothingLeft() {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () -> {
                            assertThat(programs.areRunning()).isFalse();
                            assertThat(temporary).isEmptyDirectory();
                        });
    }

    private static void assertSharedBy(Running running, int count) throws IOException {
        List<Integer> answers = new ArrayList<>();
        for (int i = 0; i < 2 * count; i++) {
            answers.add(running.ask());
        }
        assertThat(answers.stream().distinct()).hasSize(count);
        assertThat(answers).allSatisfy(pid -> assertThat(isBelow(pid, running.pids())).isTrue());
    }

    private static boolean isBelow(int pid, List<Integer> started) {
        return Stream.iterate(
                        ProcessHandle.of(pid),
                        handle -> handle.isPresent(),
                        handle -> handle.get().parent())
                .anyMatch(handle -> started.contains(Math.toIntExact(handle.get().pid())));
    }

    @ParameterizedTest
    @Sampled({1, 5, 9})
    @ValueSource(
            strings = {
                "npm start",
                "npm run --silent deep",
                "sh -c 'node server.js; true'",
                "sh -c 'exec node server.js'",
                "sh -c 'node server.js & wait'",
                "sh -c '\"$NODE12\" server.js; true'",
                "env A=b nice sh -c 'npm start || exit 1'",
                "bin/exec broken",
                "bin/wait broken",
                "bin/nested broken"
            })
    void givenAWrapper_whenItsServerIsLoadedReloadedAndStopped_thenItIsAsAnyOther(String command)
            throws Exception {
        Program prefork =
                programs.start(
                        wrapped(
                                List.of("--ports", "0=shared", "--ready-after", "0.2"),
                                "sh",
                                "-c",
                                "exec " + command));

        Running first = Running.await(prefork, 1);
        assertSharedBy(first, 2);
        try (ShortRequests load = ShortRequests.to(first)) {
            load.awaitAnswers(10);
            prefork.signal("HUP");
            prefork.awaitLine("prefork: reloaded 2 workers");
            load.awaitAnswers(10);
            assertThat(load.failures()).isEmpty();
        }
        prefork.signal("TERM");

        assertThat(prefork.awaitEnd()).isZero();
        awaitNothingLeft();
        assertThat(prefork.lines()).noneMatch(line -> line.contains("NOTE: Picked up"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"npm start", "bin/below broken"})
    void givenAWrapper_whenItIsKilled_thenItsServerEndsAndBothAreReplaced(String command)
            throws IOException {
        Program prefork = start("sh", "-c", "exec " + command);
        Running before = Running.await(prefork, 1);

        Signals.send("KILL", before.pids().getFirst());

        prefork.awaitLine("prefork: worker 1 .* died: SIGKILL");
        Running after = Running.await(prefork, 2);
        assertSharedBy(after, 2);
        assertThat(after.pids()).doesNotContain(before.pids().getFirst());
        prefork.signal("KILL");
        awaitNothingLeft();
    }

    @ParameterizedTest
    @Sampled(2)
    @ValueSource(
            strings = {"node server.js; exec sleep 1000", "bin/below broken; sleep 1000; true"})
    void givenAWrapperThatGoesOn_whenItsServerIsKilled_thenBothAreReplaced(String script)
            throws IOException {
        Program prefork = start("sh", "-c", script);
        Running before = Running.await(prefork, 1);
        int server = before.ask();

        Signals.send("KILL", server);

        prefork.awaitLine("prefork: worker \\d .* died");
        Running after = Running.await(prefork, 2);
        assertSharedBy(after, 2);
    }

    @Test
    void givenAScriptWithSeveralJvms_whenOneListensWhereWorkersShare_thenItIsTheWorker()
            throws IOException {
        // The first is never to be one: it only looks for a free port.
        executable(
                "several",
                """
                #!/bin/sh
                %1$s -cp "$CLASSES" dev.prefork.it.cli.FreePort
                exec %1$s -cp "$CLASSES" dev.prefork.it.cli.PortServer $1
                """
                        .formatted(JAVA));
        int port = Ports.row(1);
        Program prefork =
                programs.start(
                        wrapped(
                                List.of(),
                                folder.resolve("several").toString(),
                                String.valueOf(port)));

        prefork.awaitLine("prefork: serving 127.0.0.1:" + port + " with 2 workers");
        assertThat(prefork.values("1 | free port")).hasSize(1);
        assertThat(Client.get(port, "/")).isEqualTo("served");
    }

    @Test
    void givenOptionsOfTheUser_whenTheProgramLooks_thenItSeesTheirsAlone() {
        Program prefork =
                programs.start(
                        wrapped(
                                        List.of(),
                                        "sh",
                                        "-c",
                                        JAVA + " -cp \"$CLASSES\" dev.prefork.it.cli.Below")
                                .with("JDK_JAVA_OPTIONS", "-Duser.option=1")
                                .with("NODE_OPTIONS", "--no-deprecation"));

        String environment = prefork.awaitLine("1 \\| environment ");

        prefork.awaitLine("1 \\| NOTE: Picked up JDK_JAVA_OPTIONS: -Duser.option=1$");
        assertThat(environment)
                .contains("JDK_JAVA_OPTIONS=-Duser.option=1,", "NODE_OPTIONS=--no-deprecation,")
                .doesNotContain("PREFORK_JOIN", "PREFORK_PORTS", "NODE_UNIQUE_ID", "NODE_CHANNEL");
    }

    @Test
    void givenAnOldJavaBelowAScript_whenItRuns_thenItSaysThatItSharesNothingAndRuns()
            throws IOException {
        Path old = Path.of("/usr/lib/jvm/java-17-openjdk-amd64/bin/java");
        assumeThat(old).isExecutable();
        Path source =
                Files.writeString(
                        folder.resolve("Old.java"),
                        """
                        public class Old {
                            public static void main(String[] args) throws Exception {
                                System.out.println("runs on " + Runtime.version().feature());
                                Thread.currentThread().join();
                            }
                        }
                        """);

        Program prefork = start("sh", "-c", old + " -version; " + old + " " + source);

        prefork.awaitLine("1 \\| runs on 17");
        assertThat(prefork.lines())
                .filteredOn(line -> line.startsWith("1 | prefork: the Java 17 in"))
                .hasSize(1);
    }

    @Test
    void givenAWrapperThatClosesWhatItDoesNotKnow_whenItsServerListens_thenItRunsAlone()
            throws IOException {
        Program prefork =
                start(
                        "bash",
                        "-c",
                        "exec 48>&- 49>&-; test \"$PREFORK_SLOT\" = 0 || exec sleep 1000; "
                                + "node server.js");

        assertThat(prefork.awaitLine("1 \\| alone"))
                .contains("--require=", "-javaagent:", "1,48,49");
    }

    /** As a script that starts a helper beside its server. */
    @Test
    void givenTwoNodesOfWhichTheFirstHasJoined_whenTheSecondListens_thenItListensAlone()
            throws IOException {
        Program prefork = start("sh", "-c", "node server.js & sleep 1; node server.js & wait");

        prefork.awaitLine("1 \\| worker 1 undefined undefined undefined");
        prefork.awaitLine("1 \\| alone");
        assertSharedBy(Running.await(prefork, 1), 2);
    }
}
