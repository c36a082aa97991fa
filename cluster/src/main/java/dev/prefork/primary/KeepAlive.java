package dev.prefork.primary;

import java.util.concurrent.CountDownLatch;

/**
 * Keeps this JVM running while there are workers, as their handles keep a Node primary running.
 * Safe for any thread.
 */
final class KeepAlive {
    private int holders;
    private CountDownLatch released;

    synchronized void acquire() {
        if (holders++ == 0) {
            CountDownLatch latch = new CountDownLatch(1);
            released = latch;
            Thread.ofPlatform().name("cluster-keep-alive").daemon(false).start(() -> await(latch));
        }
    }

    synchronized void release() {
        if (--holders == 0) {
            released.countDown();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException nobodyDoes) {
            Thread.currentThread().interrupt();
        }
    }
}
