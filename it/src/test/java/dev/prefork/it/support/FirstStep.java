package dev.prefork.it.support;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process without whose success no test can begin. */
final class FirstStep {
    private static final long MAY_TAKE_SECONDS = 120;

    private FirstStep() {}

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
