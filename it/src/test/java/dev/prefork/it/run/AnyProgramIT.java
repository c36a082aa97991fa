package dev.prefork.it.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.it.support.Client;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Programs of every form that know nothing of Prefork: they share their port, and see just what
 * they would see if {@code java} alone had started them.
 */
@Rule("D3")
class AnyProgramIT {
    /** Prints what it was started with, then serves. */
    private static final String SOURCE =
            """
            import com.sun.net.httpserver.HttpServer;
            import java.io.FileOutputStream;
            import java.lang.management.ManagementFactory;
            import java.net.InetAddress;
            import java.net.InetSocketAddress;
            import java.util.List;
            import java.util.TreeMap;
            import java.util.logging.LogManager;

            public class Main {
                public static class Manager extends LogManager {}

                public static void main(String[] args) throws Exception {
                    say("arguments", List.of(args));
                    System.getProperties().stringPropertyNames().stream().sorted()
                            .forEach(name -> say("property", name + "=" + System.getProperty(name)));
                    new TreeMap<>(System.getenv())
                            .forEach((name, value) -> say("variable", name + "=" + value));
                    for (StackTraceElement frame : new Throwable().getStackTrace()) {
                        say("frame", frame);
                    }
                    ManagementFactory.getRuntimeMXBean().getInputArguments()
                            .forEach(option -> say("option", option));
                    say("thread", Thread.currentThread().getName());
                    say("loader", Thread.currentThread().getContextClassLoader().getClass());
                    say("module", Main.class.getModule().getName());
                    say("console", System.console() != null);
                    new FileOutputStream("/dev/stderr").close();
                    for (String name : List.of("/dev/stdout", "/proc/self/fd/1")) {
                        try (FileOutputStream stream = new FileOutputStream(name)) {
                            stream.write(("opened " + name + "\\n").getBytes());
                        }
                    }
                    // Nobody has looked for a logger before.
                    System.setProperty("java.util.logging.manager", Manager.class.getName());
                    say("log manager", LogManager.getLogManager().getClass());
                    HttpServer server = HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
                    server.createContext("/", exchange -> {
                        byte[] pid = String.valueOf(ProcessHandle.current().pid()).getBytes();
                        exchange.sendResponseHeaders(200, pid.length);
                        exchange.getResponseBody().write(pid);
                        exchange.close();
                    });
                    server.start();
                    say("port", server.getAddress().getPort());
                }

                static void say(String what, Object value) {
                    System.out.println(what + " " + String.valueOf(value).replace("\\n", "\\\\n"));
                }
            }
            """;

    /** What is ours to tell the program, or a number that is never the same. */
    private static final Set<String> OURS =
            Set.of(
                    "variable PREFORK_SLOT",
                    "option -XX:+UseCompactObjectHeaders",
                    "option -XX:+UseSerialGC",
                    "option -XX:InitialRAMPercentage",
                    "option -XX:TrimNativeHeapInterval",
                    "option -XX:SharedArchiveFile",
                    "property io.netty.transport.noNative",
                    "property io.grpc.netty.shaded.io.netty.transport.noNative",
                    "property com.linecorp.armeria.transportType");

    @RegisterExtension final Programs programs = new Programs();
    @TempDir Path folder;

    /** Runs the program alone and as two workers, and compares. */
    private void assertRunsAsAlone(String... words) throws IOException {
        Program alone = programs.start(Command.of(Command.javaExecutable(), words));
        int aPort = alone.awaitNumber("port");
        List<String> expected = alone.lines();
        assertThat(Client.get(aPort, "/")).isEqualTo("" + alone.pid());

        Program prefork = programs.start(Command.prefork(forPrefork(words)));
        String serving = prefork.awaitLine("prefork: serving");
        assertThat(serving).matches("prefork: serving 127.0.0.1:\\d+ with 2 workers, pids .*");
        int port = Integer.parseInt(serving.replaceAll(".*:(\\d+) with.*", "$1"));
        Set<String> pids = new HashSet<>();
        for (int i = 0; i < 10; i++) {
            pids.add(Client.get(port, "/"));
        }

        assertThat(serving.replaceAll(".*pids ", "").split(" ", -1))
                .containsExactlyInAnyOrderElementsOf(pids);
        for (int worker = 1; worker <= 2; worker++) {
            assertThat(saidBy(worker, prefork))
                    .containsExactlyElementsOf(comparable(expected.stream()).toList());
        }
        prefork.signal("TERM");
        assertThat(prefork.awaitEnd()).isZero();
    }

    private static Object[] forPrefork(String... words) {
        List<String> arguments = new ArrayList<>(List.of("run", "-w", "2", "--ports", "0=shared"));
        boolean named = Stream.of(words).anyMatch(name -> name.endsWith(".jar"));
        for (String word : words) {
            // A name that says it needs no option.
            if (!named || !word.equals("-jar")) {
                arguments.add(word);
            }
        }
        return arguments.toArray();
    }

    private static List<String> saidBy(int worker, Program prefork) {
        String prefix = worker + " | ";
        return comparable(
                        prefork.lines().stream()
                                .filter(line -> line.startsWith(prefix))
                                .map(line -> line.substring(prefix.length())))
                .toList();
    }

    private static Stream<String> comparable(Stream<String> lines) {
        return lines.filter(line -> !line.startsWith("port "))
                .filter(line -> !line.startsWith("option -javaagent:/proc/self/fd/"))
                .filter(line -> !line.startsWith("option -Xbootclasspath/a:"))
                .filter(line -> !OURS.contains(line.replaceAll("=.*", "")));
    }

    @Test
    void givenAJar_whenItRuns_thenItIsAsIfAlone() throws IOException {
        Sources sources = new Sources(folder);
        Path classes = sources.compile(sources.write("Main.java", SOURCE));
        Path jar = sources.jar("app.jar", "Main", classes);

        assertRunsAsAlone(
                "-Dsaid=so",
                "-Xmx64m",
                "-jar",
                jar.toString(),
                "one",
                "two words",
                "-x",
                "@file",
                "@@x",
                "",
                "--",
                "-w",
                "--workers=3",
                "${x}",
                "'q'",
                "\"",
                "*");
    }

    @Test
    void givenAJarOfAnotherName_whenItRuns_thenItIsAsIfAlone() throws IOException {
        Sources sources = new Sources(folder);
        Path classes = sources.compile(sources.write("Main.java", SOURCE));
        Path jar = sources.jar("app.war", "Main", classes);

        assertRunsAsAlone("-Xmx64m", "-jar", jar.toString(), "one", "-jar");
    }

    @Test
    void givenAMainClassAndAFileOfOptions_whenItRuns_thenItIsAsIfAlone() throws IOException {
        Sources sources = new Sources(folder);
        Path classes = sources.compile(sources.write("Main.java", SOURCE));

        Path options = folder.resolve("options");
        Files.writeString(
                options,
                "-Dsaid='so it is' # a property\n-cp \"%s:%s\"".formatted(classes, folder));

        assertRunsAsAlone("@" + options, "-Xmx64m", "Main", "one", "-jar");
    }

    @Test
    void givenASourceFile_whenItRuns_thenItIsAsIfAlone() throws IOException {
        Path source = new Sources(folder).write("Main.java", SOURCE);

        assertRunsAsAlone(source.toString(), "one", "two words");
    }

    @Test
    void givenAModule_whenItRuns_thenBothWorkersShareItsPort() throws IOException {
        Sources sources = new Sources(folder);
        Path main = sources.write("app/Main.java", "package app;\n" + SOURCE);
        Path module =
                sources.write(
                        "module-info.java",
                        "module app { requires jdk.httpserver; requires java.logging; requires"
                                + " java.management; }");
        Path classes = sources.compile(main, module);

        Program prefork =
                programs.start(
                        Command.prefork(
                                "run",
                                "-w",
                                "2",
                                "--ports",
                                "0=shared",
                                "-p",
                                classes,
                                "-m",
                                "app/app.Main",
                                "one"));

        prefork.awaitLine("prefork: serving 127.0.0.1:\\d+ with 2 workers");
        assertThat(saidBy(1, prefork)).contains("module app", "arguments [one]");
    }

    /** What we bring has libraries of its own; an application may have others of the same name. */
    @Test
    void givenAProgramWithLibrariesOfTheSameNames_whenItRuns_thenEachHasItsOwn()
            throws IOException {
        Sources sources = new Sources(folder);
        String poison = "static { if (true) throw new Error(\"not yours\"); }";
        List<Path> files = new ArrayList<>();
        files.add(sources.write("Main.java", SOURCE));
        Map<String, String> names =
                Map.of(
                        "com.google.gson.stream", "JsonReader",
                        "com.google.gson", "Gson",
                        "picocli", "CommandLine");
        for (Map.Entry<String, String> name : names.entrySet()) {
            files.add(
                    sources.write(
                            name.getKey().replace('.', '/') + "/" + name.getValue() + ".java",
                            "package %s; public class %s { %s }"
                                    .formatted(name.getKey(), name.getValue(), poison)));
        }
        Path classes = sources.compile(files.toArray(Path[]::new));

        Program prefork =
                programs.start(
                        Command.prefork(
                                "run", "-w", "2", "--ports", "0=shared", "-cp", classes, "Main"));

        prefork.awaitLine("prefork: serving 127.0.0.1:\\d+ with 2 workers");
    }

    @Test
    void givenAProgramThatEndsByItself_whenItHasEnded_thenNothingKeepsItAlive() throws IOException {
        Path source =
                new Sources(folder)
                        .write(
                                "Batch.java",
                                """
                                public class Batch {
                                    public static void main(String[] args) {
                                        System.out.println("done");
                                    }
                                }
                                """);

        Program prefork = programs.start(Command.prefork("run", "-w", "2", source));

        assertThat(prefork.awaitEnd()).isZero();
        assertThat(prefork.lines()).contains("1 | done", "2 | done");
    }

    @ParameterizedTest
    @CsvSource({"on-failure, 0, exit code 0", "never, 1, exit code 3"})
    void givenWhoIsReplaced_whenAWorkerThatServedEnds_thenPreforkEndsWithTheLast(
            String restart, int code, String end) throws IOException {
        Program prefork = programs.start(startOfOneThatEnds(restart, end));

        prefork.awaitLine("prefork: worker 1 .*" + end + ": it is not replaced");
        assertThat(prefork.awaitEnd()).isEqualTo(code);
    }

    @Test
    void givenThatAllAreReplaced_whenAWorkerHasEndedWithZero_thenAnotherComes() throws IOException {
        Program prefork = programs.start(startOfOneThatEnds("always", "exit code 0"));

        prefork.awaitLine("prefork: worker 1 .*died: exit code 0; starting another");
        prefork.awaitLine("2 | served");
    }

    private Command startOfOneThatEnds(String restart, String end) throws IOException {
        Path source =
                new Sources(folder)
                        .write(
                                "Ends.java",
                                """
                                import java.net.InetAddress;
                                import java.net.ServerSocket;

                                public class Ends {
                                    public static void main(String[] args) throws Exception {
                                        InetAddress here = InetAddress.getLoopbackAddress();
                                        try (ServerSocket server = new ServerSocket(0, 5, here)) {
                                            System.out.println("served");
                                        }
                                        System.exit(Integer.parseInt(args[0]));
                                    }
                                }
                                """);
        String code = end.substring(end.length() - 1);
        return Command.prefork(
                "run", "-w", "1", "--ports", "0=shared", "--restart", restart, source, code);
    }

    /** Hooks run when no connection is open any more, and a hook that hangs is not waited for. */
    @Test
    void givenAShutdownHookThatHangs_whenPreforkStops_thenItHasItsTimeAndNoMore()
            throws IOException {
        Path source =
                new Sources(folder)
                        .write(
                                "Hangs.java",
                                """
                                import com.sun.net.httpserver.HttpServer;
                                import java.net.InetAddress;
                                import java.net.InetSocketAddress;

                                public class Hangs {
                                    public static void main(String[] args) throws Exception {
                                        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                                            System.out.println("hook");
                                            while (true) {
                                                java.util.concurrent.locks.LockSupport.park();
                                            }
                                        }));
                                        HttpServer.create(new InetSocketAddress(
                                                InetAddress.getLoopbackAddress(), 0), 0).start();
                                    }
                                }
                                """);
        Program prefork =
                programs.start(
                        Command.prefork(
                                "run",
                                "-w",
                                "1",
                                "--ports",
                                "0=shared",
                                "--stop-timeout",
                                "1",
                                source));
        prefork.awaitLine("prefork: serving");

        prefork.signal("TERM");

        assertThat(prefork.awaitEnd()).isZero();
        assertThat(prefork.lines()).contains("1 | hook");
        assertThat(Arrays.asList(prefork.lines().getLast())).containsExactly("prefork: stopped");
    }
}
