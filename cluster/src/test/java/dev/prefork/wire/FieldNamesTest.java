package dev.prefork.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A change of the wire is a change of one package. */
class FieldNamesTest {
    /** What only the wire calls so; "port" and "key" are words of others as well. */
    private static final Pattern NAMES =
            Pattern.compile(
                    "\"(NODE_CLUSTER|NODE_SOCKET_\\w+|NODE_HANDLE\\w*|queryServer|newconn|listening"
                            + "|exitedAfterDisconnect|addressType|sockname|accepted|errno|handoff"
                            + "|backlog|flags|ack|act|seq)\"");

    @Test
    void givenTheSources_whenSearched_thenOnlyTheWireSpellsItsNames() {
        Path sources = sources();

        List<Path> spelling = sourcesThatSpellThem(sources);

        assertThat(spelling)
                .as("the search finds the wire's own")
                .anyMatch(file -> file.startsWith("wire"))
                .allMatch(file -> file.startsWith("wire"));
    }

    private static List<Path> sourcesThatSpellThem(Path sources) {
        try (Stream<Path> files = Files.walk(sources)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(FieldNamesTest::spellsThem)
                    .map(sources::relativize)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean spellsThem(Path file) {
        try {
            return NAMES.matcher(Files.readString(file)).find();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of this module, wherever the build runs. */
    private static Path sources() {
        Path folder =
                Path.of(
                        FieldNamesTest.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .getPath());
        while (!Files.isDirectory(folder.resolve("src/main/java/dev/prefork/wire"))) {
            folder = folder.getParent();
        }
        return folder.resolve("src/main/java/dev/prefork");
    }
}
