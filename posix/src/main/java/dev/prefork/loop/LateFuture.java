package dev.prefork.loop;

import java.util.concurrent.CompletableFuture;

/**
 * A future that is made when somebody asks for it.
 *
 * <p>The first CompletableFuture of a JVM makes the common pool of ForkJoinPool, whose size and
 * threads a program may still choose in its main, by system properties: what a worker has before
 * that is of this kind (SPEC F1). Safe for any thread.
 */
final class LateFuture<T> {
    private boolean done;
    private T result;
    private CompletableFuture<T> future;

    /** The same for every call. */
    synchronized CompletableFuture<T> get() {
        if (future == null) {
            future = new CompletableFuture<>();
            if (done) {
                future.complete(result);
            }
        }
        return future;
    }

    /** As that of the future; without effect the second time. */
    void complete(T value) {
        CompletableFuture<T> asked;
        synchronized (this) {
            if (done) {
                return;
            }
            done = true;
            result = value;
            asked = future;
        }
        // Without the lock: what depends on it runs here.
        if (asked != null) {
            asked.complete(value);
        }
    }
}
