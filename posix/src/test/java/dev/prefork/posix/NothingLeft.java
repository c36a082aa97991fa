package dev.prefork.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * After each test: the descriptors are those of before, no more and no fewer, and no child is left,
 * not even a zombie. Waits a little, as threads that were told to end may still be closing theirs.
 */
public final class NothingLeft implements BeforeEachCallback, AfterEachCallback {
    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(NothingLeft.class);

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        // The JDK opens a pair of sockets of its own with its first channel, and keeps it.
        SocketChannel.open().close();
        context.getStore(NAMESPACE).put("descriptors", descriptors());
    }

    @Override
    public void afterEach(ExtensionContext context) {
        Map<?, ?> before = context.getStore(NAMESPACE).get("descriptors", Map.class);
        await("no child, and the descriptors of before")
                .atMost(Duration.ofSeconds(10))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .untilAsserted(
                        () -> {
                            assertThat(
                                            ProcessHandle.current()
                                                    .children()
                                                    .map(ProcessHandle::info)
                                                    .toList())
                                    .as("children left")
                                    .isEmpty();
                            assertThat(descriptors()).as("open descriptors").isEqualTo(before);
                        });
    }

    /** Number to what it is; without files, as the JVM opens jars whenever it likes. */
    public static Map<Integer, String> descriptors() throws IOException {
        Map<Integer, String> open = all();
        open.values().removeIf(target -> target.startsWith("/"));
        return open;
    }

    /** Number to what it is, of all that are open but the folder that tells it. */
    public static Map<Integer, String> all() throws IOException {
        Map<Integer, String> open = new TreeMap<>();
        Path folder = Path.of("/proc/self/fd");
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                open.put(Integer.valueOf(entry.getFileName().toString()), target(entry));
            }
        }
        String itself = folder.toRealPath().toString();
        open.values().removeIf(target -> target.equals(itself));
        return open;
    }

    /** What a descriptor of this process is, such as {@code socket:[4711]}. */
    public static String target(int descriptor) throws IOException {
        return target(Path.of("/proc/self/fd", Integer.toString(descriptor)));
    }

    private static String target(Path entry) throws IOException {
        try {
            return Files.readSymbolicLink(entry).toString();
        } catch (NoSuchFileException closed) {
            return "/closed meanwhile";
        }
    }

    /** The open file's flags, as open(2) has them, with O_CLOEXEC. */
    public static int flags(int descriptor) throws IOException {
        List<String> lines =
                Files.readAllLines(Path.of("/proc/self/fdinfo", Integer.toString(descriptor)));
        String octal =
                lines.stream()
                        .filter(line -> line.startsWith("flags:"))
                        .map(line -> line.substring("flags:".length()).strip())
                        .findFirst()
                        .orElseThrow();
        return Integer.parseInt(octal, 8);
    }
}
