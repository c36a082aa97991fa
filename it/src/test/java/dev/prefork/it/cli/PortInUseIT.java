package dev.prefork.it.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.it.support.Client;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.Ports;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A port that somebody else has. */
@Rule({"E1", "F6"})
class PortInUseIT {
    /** Listens on the ports that a file names when it starts. */
    private static final String SOURCE =
            """
            import java.net.*;
            import java.nio.file.*;

            public class Listening {
                public static void main(String[] arguments) throws Exception {
                    ServerSocket last = null;
                    for (String port : Files.readString(Path.of(arguments[0])).strip().split(" ")) {
                        last = new ServerSocket(
                                Integer.parseInt(port), 50, InetAddress.getLoopbackAddress());
                    }
                    while (true) {
                        try (Socket client = last.accept()) {
                            client.getOutputStream().write(
                                    String.valueOf(ProcessHandle.current().pid()).getBytes());
                        }
                    }
                }
            }
            """;

    @RegisterExtension final Programs programs = new Programs();
    @TempDir Path folder;

    private static ServerSocket taken() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    private Program start(String ports) throws IOException {
        Path program = Files.writeString(folder.resolve("Listening.java"), SOURCE);
        Path file = Files.writeString(folder.resolve("ports"), ports);
        return programs.start(Command.prefork("run", "-w", "2", program, file));
    }

    private static String sentence(ServerSocket taken) {
        return "prefork: 127[.]0[.]0[.]1:%d is in use by pid %d [(].*java .*[)]: no worker can listen there"
                .formatted(taken.getLocalPort(), ProcessHandle.current().pid());
    }

    @Test
    void givenAPortThatIsTaken_whenStarted_thenOneSentenceSaysByWhomAndTheEndIsNoSuccess()
            throws IOException {
        try (ServerSocket taken = taken()) {
            Program prefork = start(String.valueOf(taken.getLocalPort()));

            assertThat(prefork.awaitEnd()).isEqualTo(1);

            assertThat(prefork.lines())
                    .filteredOn(line -> line.matches(sentence(taken)))
                    .hasSize(1);
            assertThat(prefork.lines())
                    .anyMatch(line -> line.startsWith("prefork: giving up, "))
                    .noneMatch(line -> line.contains("serving"));
        }
    }

    @Test
    void givenAPortThatIsTaken_whenReloaded_thenTheOldWorkersGoOn() throws IOException {
        int port = Ports.row(1);
        try (ServerSocket taken = taken()) {
            Program prefork = start(String.valueOf(port));
            String serving = prefork.awaitLine("prefork: serving .* with 2 workers.*");
            Files.writeString(folder.resolve("ports"), taken.getLocalPort() + " " + port);

            prefork.signal("HUP");

            prefork.awaitLine(sentence(taken));
            prefork.awaitLine("prefork: reload failed: .*; the old workers serve on");
            assertThat(serving.replaceAll(".*pids ", "").split(" ", -1))
                    .contains(Client.read(port), Client.read(port));
            assertThat(prefork.lines())
                    .filteredOn(line -> line.startsWith("prefork: serving"))
                    .isEqualTo(List.of(serving));
        }
    }
}
