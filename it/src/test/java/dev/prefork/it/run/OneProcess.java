package dev.prefork.it.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.it.support.Client;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.Ports;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Sources;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A server that says its pid on one port, run by two workers, and what its JVMs have beside it: in
 * each test they are reloaded and killed, and slot n still has number + n.
 */
final class OneProcess {
    private static final String SERVER =
            """
            import java.net.*;

            public class Server {
                public static void main(String[] arguments) throws Exception {
                    System.out.println("tools " + System.getenv("JAVA_TOOL_OPTIONS"));
                    String pid = String.valueOf(ProcessHandle.current().pid());
                    try (ServerSocket server = new ServerSocket(Integer.parseInt(arguments[0]))) {
                        while (true) {
                            try (Socket client = server.accept()) {
                                client.getOutputStream().write(pid.getBytes());
                            }
                        }
                    }
                }
            }
            """;

    private final Programs programs;
    private final Path classes;
    private final int port;
    private Program prefork;
    private int reloads;

    OneProcess(Programs programs, Path folder) throws IOException {
        Sources sources = new Sources(folder.resolve("server"));
        this.programs = programs;
        this.classes = sources.compile(sources.write("Server.java", SERVER));
        this.port = Ports.row(1);
    }

    /** Options of {@code prefork run}. */
    Command command(String... options) {
        List<Object> words = new ArrayList<>(List.of("run", "-w", 2, "--ready-after", 0.3));
        words.addAll(List.of(options));
        words.addAll(List.of("-cp", classes, "Server", port));
        return Command.prefork(words.toArray());
    }

    Program start(Command command) {
        prefork = programs.start(command);
        return prefork;
    }

    /** By slot. */
    List<String> pids() {
        return List.of(
                prefork.awaitLine("prefork: serving .* with 2 workers, pids .*")
                        .replaceAll(".*pids ", "")
                        .split(" ", -1));
    }

    /** By slot. */
    List<String> pidsAfterReload() {
        prefork.signal("HUP");
        reloads++;
        return List.of(
                prefork.awaitLines("prefork: reloaded 2 workers, pids .*", reloads)
                        .getLast()
                        .replaceAll(".*pids ", "")
                        .split(" ", -1));
    }

    /** Both workers share what is not one process's. */
    void servesBy(List<String> pids) throws IOException {
        assertThat(List.of(Client.read(port), Client.read(port)))
                .containsExactlyInAnyOrderElementsOf(pids);
    }
}
