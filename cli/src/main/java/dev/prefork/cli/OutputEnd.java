package dev.prefork.cli;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * How long the last output may take when all workers have ended: for ever, as a process waits that
 * writes to a pipe; a little when the end was asked for, and no longer when it is asked for again.
 * Safe for any thread.
 */
final class OutputEnd {
    private static final long ASKED_MAY_TAKE_SECONDS = 5;

    private final CountDownLatch enough = new CountDownLatch(1);

    private boolean hasBegun; // guarded by this, as all below
    private int asked;

    /** A user asks for the end. */
    synchronized void asked() {
        asked++;
        if (asked > 1) {
            enough.countDown();
        } else if (hasBegun) {
            limit();
        }
    }

    /** All workers have ended; the latch opens when it has taken long enough. */
    synchronized CountDownLatch begin() {
        hasBegun = true;
        if (asked > 0) {
            limit();
        }
        return enough;
    }

    private void limit() {
        CompletableFuture.delayedExecutor(ASKED_MAY_TAKE_SECONDS, TimeUnit.SECONDS, Runnable::run)
                .execute(enough::countDown);
    }
}
