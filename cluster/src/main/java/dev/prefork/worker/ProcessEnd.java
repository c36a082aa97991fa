package dev.prefork.worker;

import dev.prefork.log.LazyLogger;
import dev.prefork.posix.PosixException;
import dev.prefork.posix.Signal;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The end of a worker that must end: with its shutdown hooks if they are quick, without them if
 * not.
 *
 * @param hooksMayTake what takes longer, or a lock that it waits for, must not keep a worker
 *     without a primary alive
 */
record ProcessEnd(Duration hooksMayTake) {
    private static final LazyLogger LOG = new LazyLogger(ProcessEnd.class);

    static final Duration HOOKS_MAY_TAKE = Duration.ofSeconds(2);

    /** Exits with code 0, after what is left to do, which may hang as well. Returns at once. */
    void exit(Runnable before) {
        end(before, () -> System.exit(0), () -> Runtime.getRuntime().halt(0));
    }

    /** As {@link #exit}, by the signal that a server expects of whoever stops it. */
    void terminate(Runnable before) {
        end(before, () -> send(Signal.SIGTERM), () -> send(Signal.SIGKILL));
    }

    private void end(Runnable before, Runnable end, Runnable atOnce) {
        CountDownLatch never = new CountDownLatch(1);
        Thread.ofPlatform()
                .name("cluster-halt")
                .daemon()
                .start(
                        () -> {
                            try {
                                never.await(hooksMayTake.toMillis(), TimeUnit.MILLISECONDS);
                            } catch (InterruptedException hurry) {
                                Thread.currentThread().interrupt();
                            }
                            atOnce.run();
                        });
        Thread.ofPlatform()
                .name("cluster-exit")
                .daemon()
                .start(
                        () -> {
                            before.run();
                            end.run();
                        });
    }

    /** At once, as by the signal of this number that was not handled. */
    static void bySignal(int number) {
        try {
            Signal.of(number).orElseThrow().endThisProcess();
        } catch (PosixException e) {
            LOG.get().log(System.Logger.Level.WARNING, "cannot end by signal " + number, e);
        }
    }

    private static void send(Signal signal) {
        try {
            var _ = signal.send((int) ProcessHandle.current().pid());
        } catch (PosixException e) {
            throw new IllegalStateException("cannot end this process", e);
        }
    }
}
