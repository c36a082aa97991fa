package dev.prefork.cli;

import dev.prefork.end.LastWords;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Prints a stream of a worker, on a thread of its own: a screen that nobody reads blocks it, and
 * with it the worker, as a pipe does. No more of it is kept than a line.
 */
final class WorkerStream {
    private static final int CHUNK_BYTES = 16 * 1024;

    /** Then a line that has not ended is seen, such as a question. */
    private static final long PAUSE_MILLIS = 250;

    private static final Executor PAUSES =
            CompletableFuture.delayedExecutor(
                    PAUSE_MILLIS,
                    TimeUnit.MILLISECONDS,
                    task -> Thread.ofPlatform().daemon().name("output in a pause").start(task));

    /** Takes bytes as they come. */
    interface Taker {
        void take(byte[] bytes, int length);
    }

    private final InputStream from;
    private final Sheet.Source source;
    private final Sheet to;
    private final Taker taker;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    /** Held while something is printed. */
    private final ReentrantLock lock = new ReentrantLock();

    private boolean isPauseAwaited; // guarded by the lock
    private long lineEnds; // guarded by the lock
    private volatile boolean isPrinting;

    WorkerStream(InputStream from, OutputForm form, Sheet to, Taker taker) {
        this.from = from;
        this.source = new Sheet.Source(form);
        this.to = to;
        this.taker = taker;
    }

    /**
     * Starts the thread.
     *
     * @return done when the stream has ended and all is printed: with the worker, or with its
     *     children
     */
    CompletableFuture<Void> start(String name) {
        Thread.ofPlatform()
                .name(name)
                .daemon()
                .uncaughtExceptionHandler(
                        LastWords.ofThisProcess().handler("the output of a worker"))
                .start(this::run);
        return ended;
    }

    private void run() {
        try (from) {
            byte[] chunk = new byte[CHUNK_BYTES];
            for (int count = from.read(chunk); count >= 0; count = from.read(chunk)) {
                isPrinting = true;
                taker.take(chunk, count);
                print(chunk, count);
                isPrinting = false;
            }
        } catch (IOException closed) {
            // There is no more of it.
        } finally {
            isPrinting = true;
            end();
            ended.complete(null);
        }
    }

    private void print(byte[] chunk, int count) {
        lock.lock();
        try {
            if (endsLine(chunk, count)) {
                lineEnds++;
            }
            print(source.form().add(chunk, count));
            awaitPause();
        } finally {
            lock.unlock();
        }
    }

    private static boolean endsLine(byte[] chunk, int count) {
        for (int i = count - 1; i >= 0; i--) {
            if (chunk[i] == '\n') {
                return true;
            }
        }
        return false;
    }

    private void end() {
        lock.lock();
        try {
            print(source.form().end());
        } finally {
            lock.unlock();
        }
    }

    private void print(byte[] bytes) {
        to.write(source, bytes, source.form().line());
    }

    /** Whether there is anything that has been read or could be, and is not printed. */
    boolean isBehind() {
        try {
            return !ended.isDone() && (isPrinting || from.available() > 0);
        } catch (IOException closed) {
            return false;
        }
    }

    // In a pause.

    private void awaitPause() {
        if (source.form().isUnfinished() && !isPauseAwaited) {
            isPauseAwaited = true;
            long now = lineEnds;
            PAUSES.execute(() -> pause(now));
        }
    }

    /** The line may be another one by now, or go on. */
    private void pause(long lineEndsBefore) {
        lock.lock();
        try {
            isPauseAwaited = false;
            if (lineEnds == lineEndsBefore && from.available() == 0) {
                print(source.form().pause());
            } else {
                awaitPause();
            }
        } catch (IOException closed) {
            // Its end prints the rest.
        } finally {
            lock.unlock();
        }
    }
}
