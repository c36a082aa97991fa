package dev.prefork.worker;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The end of a worker that must end: with its shutdown hooks if they are quick, without them if
 * not.
 */
final class ProcessEnd {
    /**
     * A hook that takes longer, or a lock that it waits for, must not keep a worker without a
     * primary alive.
     */
    private static final Duration HOOKS_MAY_TAKE = Duration.ofSeconds(2);

    private ProcessEnd() {}

    /** Exits with code 0, after what is left to do, which may hang as well. Returns at once. */
    static void exit(Runnable before) {
        CountDownLatch never = new CountDownLatch(1);
        Thread.ofPlatform()
                .name("cluster-halt")
                .daemon()
                .start(
                        () -> {
                            try {
                                never.await(HOOKS_MAY_TAKE.toMillis(), TimeUnit.MILLISECONDS);
                            } catch (InterruptedException hurry) {
                                Thread.currentThread().interrupt();
                            }
                            Runtime.getRuntime().halt(0);
                        });
        Thread.ofPlatform()
                .name("cluster-exit")
                .daemon()
                .start(
                        () -> {
                            before.run();
                            System.exit(0);
                        });
    }
}
