package dev.prefork.it.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.it.support.Client;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.Ports;
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
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The programs of docs/node.md, which say their names in their first lines, do what it says. */
@Rule("D6")
class NodePageIT {
    private static final Path PAGE = Path.of("../docs/node.md");
    private static final Pattern PROGRAM =
            Pattern.compile("```(?:java|js)\n// (?<name>\\S+)\n.*?```", Pattern.DOTALL);

    @RegisterExtension final Programs programs = new Programs();
    @TempDir Path folder;

    private int port;

    @BeforeEach
    void writeThePrograms() throws IOException {
        port = Ports.row(1);
        Path command = Checkout.in(Files.createDirectories(folder.resolve("home")));
        Map<String, String> meant =
                Map.of(
                        "/path/to/prefork.jar", Command.preforkJar().toString(),
                        "/path/to/prefork'", command + "'",
                        "/path/to/java", Command.javaExecutable(),
                        "8000", String.valueOf(port));
        Matcher programsOfThePage = PROGRAM.matcher(Files.readString(PAGE));
        while (programsOfThePage.find()) {
            String text = programsOfThePage.group().replaceAll("^```.*|```$", "");
            for (Map.Entry<String, String> word : meant.entrySet()) {
                text = text.replace(word.getKey(), word.getValue());
            }
            Files.writeString(folder.resolve(programsOfThePage.group("name")), text);
        }
    }

    private Program run(String executable, String... words) {
        List<String> command =
                new ArrayList<>(
                        List.of("-c", "cd \"$0\" && exec \"$@\"", folder.toString(), executable));
        command.addAll(List.of(words));
        return programs.start(
                Command.of("sh", command.toArray(String[]::new))
                        .with("PREFORK_JAVA_HOME", System.getProperty("java.home")));
    }

    private void assertBothServe(Program primary) throws IOException {
        assertThat(primary.awaitLine("worker 1 listens on")).endsWith(" " + port);
        assertThat(primary.awaitLine("worker 2 listens on")).endsWith(" " + port);
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            answers.add(Client.get(port, "/"));
        }
        assertThat(answers).containsExactlyInAnyOrder("java\n", "java\n", "node\n", "node\n");
    }

    @Rule({"A1", "A4"})
    @Test
    void primaryJs() throws IOException {
        assertBothServe(run("node", "primary.js"));
    }

    @Rule({"A1", "A4"})
    @Test
    void mixedJava() throws IOException {
        assertBothServe(
                run(
                        Command.javaExecutable(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        Command.preforkJar().toString(),
                        "Mixed.java"));
    }

    @Rule({"A15", "A25", "C7"})
    @Test
    void sumJs() {
        Program primary = run("node", "sum.js");

        primary.awaitLine("the sum is 5");
        assertThat(primary.awaitEnd()).isZero();
    }

    @Rule("B6")
    @Test
    void agentJs() throws IOException {
        Sources sources = new Sources(folder);
        Path classes = sources.compile(folder.resolve("Hello.java"));
        sources.jar("app.jar", "Hello", classes);

        assertThat(run("node", "agent.js").awaitEnd()).isZero();
    }
}
