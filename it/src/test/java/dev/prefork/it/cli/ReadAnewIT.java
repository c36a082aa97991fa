package dev.prefork.it.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.it.support.Client;
import dev.prefork.it.support.Command;
import dev.prefork.it.support.Ports;
import dev.prefork.it.support.Program;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A reload when a link has been switched to the next release. */
class ReadAnewIT {
    /** Says its release, and that of its working directory. */
    private static final String SOURCE =
            """
            import java.net.*;
            import java.nio.file.*;

            public class Release {
                public static void main(String[] arguments) throws Exception {
                    ServerSocket server = new ServerSocket(
                            Integer.parseInt(arguments[0]), 50, InetAddress.getLoopbackAddress());
                    String here = Files.exists(Path.of("here")) ? Files.readString(Path.of("here")) : "elsewhere";
                    while (true) {
                        try (Socket client = server.accept()) {
                            client.getOutputStream().write(("code RELEASE in " + here).getBytes());
                        }
                    }
                }
            }
            """;

    @RegisterExtension final Programs programs = new Programs();
    @TempDir Path made;

    /** SPEC F15. */
    @Rule("F15")
    @ParameterizedTest(name = "in {0}: prefork run {1}")
    @CsvSource({"current, Release.java, 1, 2", "., current/Release.java, elsewhere, elsewhere"})
    void givenALinkThatIsSwitched_whenReloaded_thenTheNewReleaseRunsAndIsNamed(
            String directory, String program, String before, String after) throws Exception {
        Path folder = made.toRealPath();
        release(folder, "1");
        release(folder, "2");
        Files.createSymbolicLink(folder.resolve("current"), Path.of("1"));
        int port = Ports.row(1);

        Program prefork = programs.start(inside(folder.resolve(directory), program, port));
        prefork.awaitLine("prefork: serving .*");
        assertThat(Client.read(port)).isEqualTo("code 1 in " + before);
        Files.createSymbolicLink(folder.resolve("next"), Path.of("2"));
        Files.move(
                folder.resolve("next"), folder.resolve("current"), StandardCopyOption.ATOMIC_MOVE);
        prefork.signal("HUP");
        prefork.awaitLine("prefork: reloaded .*");

        assertThat(Client.read(port)).isEqualTo("code 2 in " + after);
        assertThat(prefork.lines())
                .contains(
                        "prefork: %s is now %s, it was %s"
                                .formatted(
                                        program,
                                        folder.resolve("2/Release.java"),
                                        folder.resolve("1/Release.java")));
    }

    private static void release(Path folder, String number) throws IOException {
        Path release = Files.createDirectories(folder.resolve(number));
        Files.writeString(release.resolve("Release.java"), SOURCE.replace("RELEASE", number));
        Files.writeString(release.resolve("here"), number);
    }

    /** As a shell does that is there: the directory, and the name that it has for it. */
    private static Command inside(Path directory, String program, int port) {
        List<String> words =
                new ArrayList<>(
                        List.of("sh", "-c", "cd \"$0\" && exec \"$@\"", directory.toString()));
        words.addAll(
                Command.prefork("run", "-w", "1", "--ready-after", "0.1", program, port).words());
        return new Command(words, Map.of());
    }
}
