package dev.prefork.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * After each test: as many sockets, loops and processes as before. Files are not looked at, since
 * the JVM opens jars whenever it likes.
 */
final class NothingOpen implements BeforeEachCallback, AfterEachCallback {
    private List<String> before = List.of();

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        before = open();
    }

    /** Awaited: a pipe's end is closed on the loop's thread. */
    @Override
    public void afterEach(ExtensionContext context) {
        await().untilAsserted(() -> assertThat(open()).as("open descriptors").isEqualTo(before));
        assertThat(ProcessHandle.current().children()).as("children").isEmpty();
    }

    /** What this process has open now, each by its number and what it is. */
    static List<String> open() throws IOException {
        List<String> open = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path entry : entries) {
                try {
                    String target = Files.readSymbolicLink(entry).toString();
                    if (!target.startsWith("/")) {
                        open.add(entry.getFileName() + " " + target);
                    }
                } catch (NoSuchFileException closedMeanwhile) {
                    // The folder's own, for one.
                }
            }
        }
        open.sort(null);
        return open;
    }
}
