package dev.prefork.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.prefork.Cluster;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** Command line and environment of workers, byte for byte what the primary has. */
@Rule({"B6", "F1"})
class BytesIT {
    /** The last argument: ISO-8859-1, UTF-8 and what is neither, as octal escapes of printf. */
    private static final String ARGUMENT = "caf\\351 \\303\\274 \\377";

    /** The same as an argument, in hexadecimal. */
    private static final String ARGUMENT_BYTES = "636166e920c3bc20ff";

    @RegisterExtension final Programs programs = new Programs();
    @TempDir Path folder;

    /** Prints the bytes of the last argument and of the variable TEXT, which Java cannot decode. */
    static final class Telling {
        public static void main(String[] args) throws IOException {
            String role = System.getenv("PREFORK_SLOT") != null ? "slot" : role();
            Events.say(role, "argument", last("cmdline"), args.length);
            Events.say(role, "variable", variable());
            switch (role) {
                case "primary" -> Cluster.fork();
                // Its channel would keep it, as in Node.
                case "worker" -> Cluster.worker().disconnect();
                default -> {
                    // It ends, and is replaced.
                }
            }
        }

        private static String role() {
            return Cluster.isPrimary() ? "primary" : "worker";
        }

        private static String last(String file) throws IOException {
            return hex(read(file).toList().getLast());
        }

        private static String variable() throws IOException {
            return read("environ")
                    .filter(entry -> entry.startsWith("TEXT="))
                    .map(entry -> hex(entry.substring("TEXT=".length())))
                    .findFirst()
                    .orElse("missing");
        }

        /** A byte is a char. */
        private static Stream<String> read(String file) throws IOException {
            byte[] bytes = Files.readAllBytes(Path.of("/proc/self", file));
            return Arrays.stream(new String(bytes, ISO_8859_1).split("\0", -1))
                    .filter(entry -> !entry.isEmpty());
        }

        private static String hex(String text) {
            return HexFormat.of().formatHex(text.getBytes(ISO_8859_1));
        }
    }

    /** The command, with the bytes as its last argument and as the value of TEXT. */
    private static Command withBytes(Command command, String locale) {
        List<String> words =
                new ArrayList<>(
                        List.of(
                                "-c",
                                "bytes=$(printf \"$0\"); TEXT=$bytes exec \"$@\" \"$bytes\"",
                                ARGUMENT));
        words.addAll(command.words());
        return Command.of("/bin/sh", words.toArray(String[]::new)).with("LC_ALL", locale);
    }

    @ParameterizedTest
    @ValueSource(strings = {"C", "C.UTF-8"})
    void givenBytesThatAreNoText_whenAProgramForks_thenItsWorkerHasTheSame(String locale) {
        Program primary = programs.start(withBytes(Command.java(Telling.class, "first"), locale));

        assertThat(primary.awaitLine("worker variable"))
                .isEqualTo("worker variable " + ARGUMENT_BYTES);
        assertThat(primary.lines())
                .contains(
                        "primary argument " + ARGUMENT_BYTES + " 2",
                        "worker argument " + ARGUMENT_BYTES + " 2",
                        "primary variable " + ARGUMENT_BYTES);
        assertThat(primary.awaitEnd()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"C", "C.UTF-8"})
    void givenBytesThatAreNoText_whenPreforkRunsAProgram_thenItHasTheSame(String locale) {
        Command run =
                Command.prefork(
                        "run",
                        "-w",
                        "1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Telling.class.getName(),
                        "first");

        Program prefork = programs.start(withBytes(run, locale));

        assertThat(prefork.awaitLine(".*slot argument"))
                .endsWith("slot argument " + ARGUMENT_BYTES + " 2");
        assertThat(prefork.awaitLine(".*slot variable"))
                .endsWith("slot variable " + ARGUMENT_BYTES);
    }

    /** The name that a process is given need not be its program's. */
    @Test
    void givenAnotherNameForJava_whenTheProgramForks_thenTheWorkerIsTheSame() {
        List<String> words = new ArrayList<>(List.of("-c", "exec -a another \"$0\" \"$@\""));
        words.addAll(Command.java(Telling.class, "first", "last").words());

        Program primary = programs.start(Command.of("bash", words.toArray(String[]::new)));

        assertThat(primary.awaitLine("worker argument")).isEqualTo("worker argument 6c617374 2");
        assertThat(primary.awaitEnd()).isZero();
    }

    /** jshell is no java: what follows is not options, a main class and its arguments. */
    @Test
    void givenAnotherLauncherThanJava_whenTheProgramForks_thenItIsRefusedOrTheWorkerIsTheSame()
            throws IOException {
        Path script =
                Files.writeString(
                        folder.resolve("script.jsh"),
                        """
                        import dev.prefork.*;
                        System.out.println("role " + (Cluster.isPrimary() ? "primary" : "worker"));
                        try {
                            if (Cluster.isPrimary())
                                System.out.println("exit " + Cluster.fork().exited().join());
                        } catch (RuntimeException e) {
                            System.out.println("refused " + e);
                        }
                        /exit
                        """);

        Program primary =
                programs.start(
                        Command.of(
                                Path.of(System.getProperty("java.home"), "bin", "jshell")
                                        .toString(),
                                "--execution",
                                "local",
                                "--class-path",
                                System.getProperty("java.class.path"),
                                script.toString()));
        primary.awaitEnd();

        assertThat(primary.lines())
                .contains("role primary")
                .anyMatch(line -> line.matches("refused .*ForkException.*|role worker"));
    }
}
