package dev.prefork.it.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;

/**
 * One connection, and on it one streaming answer after the other, each of a second, until the
 * client has had enough: at almost any moment the worker is in the middle of one.
 */
final class Streaming {
    private static final int LINES = 10;

    private final Connection connection;
    private final List<String> expected;
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private volatile boolean ending;

    /** On a connection on which the worker with this pid has answered. */
    Streaming(Connection connection, int pid) {
        this.connection = connection;
        this.expected =
                IntStream.rangeClosed(1, LINES)
                        .mapToObj(line -> "pid=" + pid + " line=" + line)
                        .toList();
        Thread.ofPlatform().name("streams of " + pid).daemon().start(this::readUntilTheEnd);
    }

    private void readUntilTheEnd() {
        try (connection) {
            do {
                assertThat(connection.stream(LINES)).isEqualTo(expected);
            } while (!ending);
            end.complete(null);
        } catch (IOException | RuntimeException | AssertionError e) {
            end.completeExceptionally(e);
        }
    }

    /** Reads the answer that is under way, and closes; fails if ever one was cut off. */
    void finish() {
        ending = true;
        try {
            end.join();
        } catch (CompletionException e) {
            throw new AssertionError("cut off: " + expected.getFirst(), e.getCause());
        }
    }
}
