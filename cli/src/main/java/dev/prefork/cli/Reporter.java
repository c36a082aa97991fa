package dev.prefork.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Prints what is said, on a thread of its own: a stderr that nobody reads must not stop who says
 * it. When too much waits, the oldest lines are dropped and one says how many. Safe for any thread.
 */
final class Reporter {
    /** So many lines are some hundred kilobytes. */
    static final int MOST_LINES = 1000;

    private static final Duration FLUSH_MAY_TAKE = Duration.ofSeconds(1);

    private final Consumer<String> lines;
    private final Consumer<String> status;
    private final CountDownLatch flushed = new CountDownLatch(1);

    private final List<String> waiting = new ArrayList<>(); // guarded by this, as all below
    private int dropped;
    private String progress = "";
    private boolean closed;

    /**
     * Starts the thread.
     *
     * @param lines prints a line
     * @param status shows a text until the next; empty for none
     * @param faults is told when the thread ends unasked
     */
    Reporter(
            Consumer<String> lines,
            Consumer<String> status,
            Thread.UncaughtExceptionHandler faults) {
        this.lines = lines;
        this.status = status;
        Thread.ofPlatform()
                .name("prefork-reporter")
                .daemon()
                .uncaughtExceptionHandler(faults)
                .start(this::run);
    }

    synchronized void say(String line) {
        if (waiting.size() == MOST_LINES) {
            waiting.removeFirst();
            dropped++;
        }
        waiting.add(line);
        notifyAll();
    }

    /** Nothing is shown for an empty text. */
    synchronized void progress(String text) {
        progress = text;
        notifyAll();
    }

    /** Returns when all is printed, or cannot be. */
    void close() throws InterruptedException {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        var _ = flushed.await(FLUSH_MAY_TAKE.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void run() {
        String shown = "";
        try {
            while (awaitNews(shown)) {
                takeLines().forEach(lines);
                String now = progress();
                if (!now.equals(shown)) {
                    status.accept(now);
                    shown = now;
                }
            }
        } catch (InterruptedException nobodyDoes) {
            Thread.currentThread().interrupt();
        }
        flushed.countDown();
    }

    /** False when there will be none. */
    private synchronized boolean awaitNews(String shown) throws InterruptedException {
        while (waiting.isEmpty() && progress.equals(shown)) {
            if (closed) {
                return false;
            }
            wait();
        }
        return true;
    }

    private synchronized List<String> takeLines() {
        List<String> taken = new ArrayList<>();
        if (dropped > 0) {
            taken.add(dropped + " lines are missing here: nobody read them in time");
            dropped = 0;
        }
        taken.addAll(waiting);
        waiting.clear();
        return taken;
    }

    private synchronized String progress() {
        return progress;
    }
}
