package dev.prefork.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * After each test: the descriptors are those of before, no more and no fewer. Waits a little, as
 * threads that were told to end may still be closing theirs.
 */
final class NothingLeft implements BeforeEachCallback, AfterEachCallback {
    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(NothingLeft.class);

    /**
     * What the JDK opens once and keeps: the pollers of virtual threads, the socket for preclose.
     */
    private static final class OnceOnly {
        static {
            try (ServerSocketChannel server = ServerSocketChannel.open()) {
                server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                Accepting accepting = Accepting.on(Accepting.Kind.VIRTUAL, server::accept);
                accepting.awaitBlocked();
                SocketChannel.open(server.getLocalAddress()).close();
                ((SocketChannel) accepting.result()).close();
            } catch (Exception e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        static void happened() {}
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        OnceOnly.happened();
        context.getStore(NAMESPACE).put("descriptors", descriptors());
    }

    @Override
    public void afterEach(ExtensionContext context) {
        Map<?, ?> before = context.getStore(NAMESPACE).get("descriptors", Map.class);
        await("descriptors are those of before")
                .atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(5))
                .untilAsserted(() -> assertThat(descriptors()).isEqualTo(before));
    }

    /** Number to what it is; without files, as the JVM opens jars whenever it likes. */
    static Map<Integer, String> descriptors() throws IOException {
        Map<Integer, String> open = new TreeMap<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path entry : entries) {
                String target = target(entry);
                if (!target.startsWith("/")) {
                    open.put(Integer.valueOf(entry.getFileName().toString()), target);
                }
            }
        }
        return open;
    }

    /** The highest number that is open now. */
    static int highestDescriptor() throws IOException {
        int highest = 0;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path entry : entries) {
                if (!target(entry).startsWith("/proc/")) { // Not the one that reads this folder.
                    highest = Math.max(highest, Integer.parseInt(entry.getFileName().toString()));
                }
            }
        }
        return highest;
    }

    private static String target(Path entry) throws IOException {
        try {
            return Files.readSymbolicLink(entry).toString();
        } catch (NoSuchFileException closed) {
            return "/closed meanwhile";
        }
    }
}
