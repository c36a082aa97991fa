package dev.prefork.it.node;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.prefork.it.support.Client;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;
import dev.prefork.it.support.Sampled;
import dev.prefork.it.support.Sources;
import dev.prefork.json.Json;
import dev.prefork.launch.WorkerJvm;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.File;
import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Java workers of a Node primary as its users start them: by the command {@code prefork}, which
 * docs/node.md shows; and what is said to those who start them in another way.
 */
@Rule({"B6", "D6"})
class NodeStartsJavaIT {
    /** What becomes of a worker that cannot be one. */
    private static final String UNFIT = "exit 1 78 null false";

    /** Knows nothing of us. */
    private static final String SERVE =
            """
            import com.sun.net.httpserver.HttpServer;
            import java.net.InetSocketAddress;

            public class Serve {
                public static void main(String[] args) throws Exception {
                    byte[] body = ("java " + args[0] + " " + System.getProperty("said")).getBytes();
                    HttpServer server = HttpServer.create(new InetSocketAddress(0), 0);
                    server.createContext("/", exchange -> {
                        exchange.sendResponseHeaders(200, body.length);
                        exchange.getResponseBody().write(body);
                        exchange.close();
                    });
                    server.start();
                }
            }
            """;

    /** Its main ends at once. */
    private static final String ECHO =
            """
            import dev.prefork.Cluster;

            public class Echo {
                public static void main(String[] args) {
                    Cluster.worker().onMessage(message -> Cluster.worker().send(message.value()));
                }
            }
            """;

    /** Of a class path. */
    private static final Pattern LIBRARY =
            Pattern.compile(
                    ".*/((prefork-(posix|ipc|net|supervise|cluster)|gson-)(?!.*-tests).*[.]jar)");

    /** What `exec` may be. */
    enum Form {
        JAR,
        JAR_OF_ANY_NAME,
        CLASS,
        SOURCE,
        MODULE
    }

    @RegisterExtension final Programs programs = new Programs();
    @TempDir Path folder;

    /** A kind of worker for primary.js. */
    private static Map<String, Object> kind(
            String execPath, List<String> execArgv, Object exec, String... args) {
        return new HashMap<>(
                Map.of(
                        "execPath",
                        execPath,
                        "execArgv",
                        execArgv,
                        "exec",
                        exec.toString(),
                        "args",
                        List.of(args)));
    }

    private Program primary(NodeVersion version, Map<String, Object> java) {
        Map<String, Object> node =
                kind(version.executable(), List.of(), Scripts.path("worker.js"), "{\"port\":0}");
        String kinds =
                new String(Json.writeLine(Map.of("java", java, "node", node)), UTF_8).strip();
        return programs.start(
                Command.of(version.executable(), Scripts.path("primary.js"), kinds)
                        .with("PREFORK_JAVA_HOME", System.getProperty("java.home")));
    }

    private Path compile(String name, String source) throws IOException {
        Sources sources = new Sources(folder);
        return sources.compile(sources.write(name + ".java", source));
    }

    private Path jar(String name, String main, String source) throws IOException {
        return new Sources(folder).jar(name, main, compile(main, source));
    }

    private Path command() throws IOException {
        return Checkout.in(Files.createDirectories(folder.resolve("home")));
    }

    /** With an option of Node's own, as a primary under a debugger has them. */
    private Map<String, Object> serve(Form form) throws IOException {
        List<String> options = new ArrayList<>(List.of("--inspect-port=0", "-Xmx64m", "-Dsaid=so"));
        Object exec =
                switch (form) {
                    case JAR -> jar("serve.jar", "Serve", SERVE);
                    case JAR_OF_ANY_NAME -> jar("serve", "Serve", SERVE);
                    case CLASS -> {
                        options.addAll(List.of("-cp", compile("Serve", SERVE).toString()));
                        yield "Serve";
                    }
                    case SOURCE -> new Sources(folder).write("Serve.java", SERVE);
                    case MODULE -> {
                        options.addAll(modulePath());
                        yield "app/app.Serve";
                    }
                };
        return kind(command().toString(), options, exec, "two words");
    }

    /** With the library among its modules: then the worker's side is in named ones as well. */
    private List<String> modulePath() throws IOException {
        Sources sources = new Sources(folder);
        Path classes =
                sources.compile(
                        sources.write(
                                "module-info.java", "module app { requires jdk.httpserver; }"),
                        sources.write("app/Serve.java", "package app;\n" + SERVE));
        Path[] jars =
                Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                        .filter(LIBRARY.asMatchPredicate())
                        .map(Path::of)
                        .toArray(Path[]::new);
        String names =
                ModuleFinder.of(jars).findAll().stream()
                        .map(module -> module.descriptor().name())
                        .collect(Collectors.joining(","));
        String path =
                Stream.concat(Stream.of(classes), Stream.of(jars))
                        .map(Path::toString)
                        .collect(Collectors.joining(File.pathSeparator));
        return List.of("-p", path, "--add-modules", names, "--enable-native-access=" + names, "-m");
    }

    @Rule({"A1", "A4", "A13", "A14", "A19", "D3"})
    @ParameterizedTest
    @EnumSource
    void givenTheCommandAsExecPath_whenNodeForksAnyProgram_thenItSharesThePortWithNodesOwn(
            Form form) throws IOException {
        Program primary = primary(NodeVersion.CURRENT, serve(form));

        assertServesBesideNode(primary);
    }

    @Rule({"A1", "A4", "D3"})
    @Test
    void givenNode12_whenItForksAJarByTheCommand_thenItSharesThePort() throws IOException {
        assertServesBesideNode(primary(NodeVersion.V12_10, serve(Form.JAR)));
    }

    /** Where there is nothing but prefork.jar. */
    @Rule({"A1", "A4", "D3"})
    @Test
    void givenTheAgentAlone_whenNodeForksAJar_thenItSharesThePort() throws IOException {
        Map<String, Object> java =
                kind(
                        Command.javaExecutable(),
                        List.of("-javaagent:" + Command.preforkJar(), "-Dsaid=so", "-jar"),
                        jar("serve.jar", "Serve", SERVE),
                        "two words");

        assertServesBesideNode(primary(NodeVersion.CURRENT, java));
    }

    private static void assertServesBesideNode(Program primary) throws IOException {
        primary.tell("fork java");
        int port = primary.awaitNumber("port 1");
        // Not that of a shell before it: signals of the primary reach the program.
        Path executable = Path.of("/proc", primary.awaitValue("pid 1"), "exe");
        assertThat(executable.toRealPath()).hasFileName("java");
        primary.tell("fork node");
        assertThat(primary.awaitNumber("port 2")).isEqualTo(port);

        for (int i = 0; i < 3; i++) {
            assertThat(Client.get(port, "/")).isEqualTo("java two words so");
            assertThat(Client.get(port, "/")).isEqualTo("node 2 /");
        }

        primary.tell("disconnect 1");
        // As prefork ends what knows nothing of it.
        primary.awaitLine("exit 1 null SIGTERM true");
        assertThat(Client.get(port, "/")).isEqualTo("node 2 /");
    }

    @Rule({"A3", "A15", "A19", "A25", "C7"})
    @Test
    void givenAProgramWithTheLibraryAndNoServer_whenNodeSendsMessages_thenItStaysAndAnswers()
            throws IOException {
        Program primary =
                primary(
                        NodeVersion.CURRENT,
                        kind(command().toString(), List.of(), jar("echo.jar", "Echo", ECHO)));
        primary.tell("fork java");
        primary.awaitLine("online 1");

        primary.tell("send 1 {\"a\":[1,\"é\"]}");
        assertThat(primary.awaitValue("message 1")).isEqualTo("{\"a\":[1,\"é\"]}");

        primary.tell("disconnect 1");
        primary.awaitLine("exit 1 0 null true");
    }

    @Rule("E1")
    @ParameterizedTest
    @CsvSource({
        "worker.js, is no program of Java: set `exec` to a jar",
        "-version,  the cluster names no program: set `exec` to a jar"
    })
    void givenWhatIsNoProgramOfJava_whenTheCommandIsToStartIt_thenItSaysWhatExecMustBe(
            String exec, String sentence) throws IOException {
        Program primary = primary(NodeVersion.CURRENT, kind(command().toString(), List.of(), exec));

        primary.tell("fork java");

        assertThat(primary.awaitLine("prefork: ")).contains(sentence);
        primary.awaitLine("exit 1 1 null false");
    }

    /** The shell would take a pipe of the application's for its own. */
    @Rule({"B6", "E1"})
    @Test
    void givenMorePipesThanTheCommandCanPassOn_whenNodeForks_thenItSaysSo() throws IOException {
        Map<String, Object> java = serve(Form.JAR);
        List<Object> stdio = new ArrayList<>(List.of("ignore", 1, 2, "ipc"));
        for (int i = 4; i < 10; i++) {
            stdio.add("pipe");
        }
        java.put("stdio", stdio);
        Program primary = primary(NodeVersion.CURRENT, java);

        primary.tell("fork java");

        assertThat(primary.awaitLine("prefork: ")).contains("at most 8 entries");
        primary.awaitLine("exit 1 1 null false");
    }

    // What is missing is one sentence, without a stack trace.

    private static void assertIsOneSentence(Program primary, String sentence) {
        primary.tell("fork java");
        assertThat(primary.awaitLine("prefork: ")).contains(sentence);
        primary.awaitLine(UNFIT);
        assertThat(primary.lines())
                .noneMatch(line -> line.matches("\\s+at .*|.*(ASSERTION|FATAL|Exception).*"));
    }

    @Rule({"C1", "E1"})
    @ParameterizedTest
    @CsvSource({"agent", "WorkerMain", "program"})
    void givenAPrimaryThatSpeaksAdvanced_whenItForks_thenTheWorkerSaysWhatToSet(String entry) {
        List<String> options = new ArrayList<>(WorkerJvm.options());
        options.addAll(List.of("-cp", System.getProperty("java.class.path")));
        if (entry.equals("agent")) {
            options.add("-javaagent:" + Command.preforkJar());
        }
        Map<String, Object> java =
                entry.equals("WorkerMain")
                        ? kind(
                                Command.javaExecutable(),
                                options,
                                WorkerJvm.MAIN_CLASS,
                                JavaWorker.class.getName())
                        : kind(Command.javaExecutable(), options, JavaWorker.class.getName());
        java.put("serialization", "advanced");

        assertIsOneSentence(
                primary(NodeVersion.CURRENT, java),
                "cluster.setupPrimary({ serialization: 'json' })");
    }

    @Rule("E1")
    @ParameterizedTest
    @Sampled(2)
    @CsvSource({"true", "false"})
    void givenAJvmWithoutTheOptionsOfAWorker_whenNodeForksIt_thenItNamesThem(boolean byMain) {
        List<String> options = List.of("-cp", System.getProperty("java.class.path"));
        Map<String, Object> java =
                byMain
                        ? kind(
                                Command.javaExecutable(),
                                options,
                                WorkerJvm.MAIN_CLASS,
                                JavaWorker.class.getName())
                        : kind(Command.javaExecutable(), options, JavaWorker.class.getName());

        assertIsOneSentence(
                primary(NodeVersion.CURRENT, java),
                "add -javaagent:/path/prefork.jar, or --enable-native-access=ALL-UNNAMED");
    }

    /** An agent in front of ours: the JVM's own end would be by a signal, after assertions. */
    @Rule("E1")
    @Test
    void givenAChannelThatIsNone_whenTheAgentBegins_thenItIsOneSentence() {
        Program program =
                programs.start(
                        Command.of(
                                        Command.javaExecutable(),
                                        "-javaagent:" + Command.preforkJar(),
                                        "-cp",
                                        System.getProperty("java.class.path"),
                                        JavaWorker.class.getName())
                                .with("NODE_UNIQUE_ID", "1")
                                .with("NODE_CHANNEL_FD", "99"));

        assertThat(program.awaitEnd()).isEqualTo(78);
        assertThat(program.lines())
                .singleElement()
                .asString()
                .startsWith("prefork: cannot open the channel to the primary, fd 99");
    }
}
