package dev.prefork.it.support;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A process without whose success no test can begin. JVMs with tests run side by side: what one of
 * them makes for all is made {@link #alone}.
 */
final class FirstStep {
    private static final long MAY_TAKE_SECONDS = 120;
    private static final Path LOCK = Path.of("target", "first-steps.lock");

    private FirstStep() {}

    /**
     * Runs the steps while no other JVM with tests runs any; it may find what that one has made.
     */
    static void alone(Runnable steps) {
        try (FileChannel file =
                        FileChannel.open(
                                LOCK, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock _ = file.lock()) {
            steps.run();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs it to its end; what it prints is printed. */
    static void run(List<String> words) {
        try {
            Process process = new ProcessBuilder(words).inheritIO().start();
            if (!process.waitFor(MAY_TAKE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IllegalStateException("failed: " + words);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted: " + words, e);
        }
    }
}
