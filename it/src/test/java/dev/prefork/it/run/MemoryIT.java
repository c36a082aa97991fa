package dev.prefork.it.run;

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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** All workers fit into the memory, unless their user says otherwise. */
@Rule("F1")
class MemoryIT {
    private static final String SOURCE =
            """
            import java.lang.management.ManagementFactory;
            import java.net.*;

            public class Main {
                public static void main(String[] arguments) throws Exception {
                    ServerSocket server = new ServerSocket(
                            Integer.parseInt(arguments[0]), 50, InetAddress.getLoopbackAddress());
                    String all = Runtime.getRuntime().maxMemory() / 1048576
                            + " " + String.join(" ",
                                    ManagementFactory.getRuntimeMXBean().getInputArguments());
                    while (true) {
                        try (Socket client = server.accept()) {
                            client.getOutputStream().write(all.getBytes());
                        }
                    }
                }
            }
            """;

    private static final String HEADERS = "-XX:+UseCompactObjectHeaders";

    /** With these six JVMs may run at once, each of which would take a quarter. */
    private static final List<String> SIX = List.of("run", "-w", "3", "--surge", "all");

    @RegisterExtension final Programs programs = new Programs();
    @TempDir Path folder;
    private Path jar;
    private int port;

    @BeforeEach
    void make() throws IOException {
        port = Ports.row(1);
        Sources sources = new Sources(folder);
        jar = sources.jar("app.jar", "Main", sources.compile(sources.write("Main.java", SOURCE)));
    }

    private Program start(String... options) {
        List<Object> words = new ArrayList<>(SIX);
        words.addAll(List.of(options));
        words.addAll(List.of(jar, port));
        Program prefork = programs.start(Command.prefork(words.toArray()));
        prefork.awaitLine("prefork: serving .*");
        return prefork;
    }

    private List<String> answer() throws IOException {
        return List.of(Client.read(port).split(" ", -1));
    }

    private static Stream<String> saidOfMemory(Program prefork) {
        return prefork.lines().stream().filter(line -> line.contains(" MB"));
    }

    @Test
    void givenMoreWorkersThanWouldFit_thenEachTakesItsPart() throws IOException {
        Program prefork = start();

        List<String> answer = answer();
        long most = Long.parseLong(answer.getFirst());
        assertThat(answer).contains(HEADERS).anyMatch(option -> option.matches("-Xmx\\d+m"));
        String line = saidOfMemory(prefork).findFirst().orElseThrow();
        assertThat(line)
                .matches(
                        "prefork: each worker has at most \\d+ MB of heap.*, so that 6 fit into"
                                + " \\d+ MB \\(-Xmx says otherwise, --plain-jvm leaves it to"
                                + " java\\)");
        long all = Long.parseLong(line.replaceAll(".* into (\\d+) MB.*", "$1"));
        assertThat(most * 6).isLessThan(all);
        assertThat(most).isLessThan(all / 4);
    }

    @Test
    void givenASmallHeapOfTheUsers_thenItHasTheCollectorForIt() throws IOException {
        Program prefork = start("-Xmx64m");

        assertThat(answer())
                .contains("-Xmx64m", "-XX:+UseSerialGC", HEADERS)
                .doesNotHaveDuplicates();
        assertThat(saidOfMemory(prefork)).isEmpty();
    }

    @Test
    void givenPlainJvms_thenTheyTakeWhatJavaTakes() throws IOException {
        Program prefork = start("--plain-jvm");

        assertThat(answer())
                .anyMatch(option -> option.startsWith("-javaagent:"))
                .doesNotContain(HEADERS)
                .noneMatch(option -> option.startsWith("-Xmx"));
        assertThat(saidOfMemory(prefork)).isEmpty();
    }
}
