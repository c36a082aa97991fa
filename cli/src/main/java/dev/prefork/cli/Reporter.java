package dev.prefork.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Prints what the supervisor says, on a thread of its own: a stderr that nobody reads must not stop
 * the supervisor. Safe for any thread.
 */
final class Reporter {
    private static final String PREFIX = "prefork: ";
    private static final Duration FLUSH_MAY_TAKE = Duration.ofSeconds(1);

    private final Screen screen;
    private final BlockingQueue<Runnable> waiting = new LinkedBlockingQueue<>();
    private final Thread thread =
            Thread.ofPlatform().name("prefork-reporter").daemon().unstarted(this::run);
    private boolean closed;

    Reporter(Screen screen) {
        this.screen = screen;
        thread.start();
    }

    void say(String line) {
        waiting.add(() -> screen.write(Screen.Stream.ERR, (PREFIX + line + "\n").getBytes(UTF_8)));
    }

    /** Nothing is shown for an empty text. */
    void progress(String text) {
        waiting.add(() -> screen.status(text.isEmpty() ? "" : PREFIX + text));
    }

    /** Returns when all is printed, or cannot be. */
    void close() throws InterruptedException {
        waiting.add(() -> closed = true);
        thread.join(FLUSH_MAY_TAKE);
    }

    private void run() {
        try {
            while (!closed) {
                waiting.take().run();
            }
        } catch (InterruptedException nobodyDoes) {
            Thread.currentThread().interrupt();
        }
    }
}
