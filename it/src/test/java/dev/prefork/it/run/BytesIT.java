package dev.prefork.it.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.Cluster;
import dev.prefork.ClusterSettings;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Arguments and variables that are no text in the locale (SPEC F1). */
class BytesIT {
    /** café and voilà in ISO-8859-1; Zürich in UTF-8; a byte that is in no text. */
    private static final String SCRIPT =
            """
            NAME=$(printf 'Z\\303\\274rich') BYTES=$(printf '\\377\\200')
            export NAME BYTES
            exec "$@" "$(printf 'caf\\351')" "$(printf 'voil\\340')"
            """;

    private static final List<String> LINES =
            List.of(
                    "argument 636166e9",
                    "argument 766f696ce0",
                    "variable NAME 5ac3bc72696368",
                    "variable BYTES ff80");

    @RegisterExtension final Programs programs = new Programs();

    /** Says the last two words of its command line, and two variables. */
    static void sayBytes() throws IOException {
        List<String> words = words("/proc/self/cmdline");
        words.subList(words.size() - 2, words.size())
                .forEach(word -> System.out.println("argument " + hex(word)));
        for (String variable : words("/proc/self/environ")) {
            for (String name : List.of("NAME", "BYTES")) {
                if (variable.startsWith(name + "=")) {
                    String value = variable.substring(name.length() + 1);
                    System.out.println("variable " + name + " " + hex(value));
                }
            }
        }
    }

    private static List<String> words(String file) throws IOException {
        byte[] bytes = Files.readAllBytes(Path.of(file));
        return List.of(new String(bytes, StandardCharsets.ISO_8859_1).split("\0", 0));
    }

    private static String hex(String word) {
        return HexFormat.of().formatHex(word.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** A cluster, whose workers say it; the second has what main was given. */
    static final class Clustered {
        public static void main(String[] args) throws IOException {
            if (Cluster.isPrimary()) {
                Cluster.fork().exited().join();
                Cluster.setupPrimary(ClusterSettings.builder().args(args).build());
                Cluster.fork(Map.of("ADDED", "plain")).exited().join();
            } else {
                sayBytes();
                Cluster.worker().disconnect();
            }
        }
    }

    /** Any program. */
    static final class Plain {
        public static void main(String[] args) throws IOException {
            sayBytes();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"C", "C.UTF-8"})
    void givenBytesThatAreNoText_whenTheProgramForksItself_thenWorkersHaveThemAll(String locale) {
        Program primary = start(locale, Command.java(Clustered.class));

        assertThat(primary.awaitEnd()).isZero();

        List<String> twice = new ArrayList<>(LINES);
        twice.addAll(LINES);
        assertThat(primary.lines())
                .filteredOn(line -> line.matches("(argument|variable) .*"))
                .containsExactlyInAnyOrderElementsOf(twice);
    }

    @ParameterizedTest
    @ValueSource(strings = {"C", "C.UTF-8"})
    void givenBytesThatAreNoText_whenAnyProgramIsRun_thenItHasThemAll(String locale) {
        Program prefork =
                start(
                        locale,
                        Command.prefork(
                                "run",
                                "-w",
                                "1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Plain.class.getName()));

        assertThat(prefork.awaitEnd()).isZero();

        assertThat(prefork.lines())
                .filteredOn(line -> line.matches("1 \\| (argument|variable) .*"))
                .containsExactlyInAnyOrderElementsOf(
                        LINES.stream().map(line -> "1 | " + line).toList());
    }

    /** A shell's words are bytes, and those of ProcessBuilder text. */
    private Program start(String locale, Command command) {
        List<String> words = new ArrayList<>(List.of("-c", SCRIPT, "sh"));
        words.addAll(command.words());
        return programs.start(
                new Command(
                                Command.of("sh", words.toArray(String[]::new)).words(),
                                command.environment())
                        .with("LC_ALL", locale));
    }
}
