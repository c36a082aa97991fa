package dev.prefork.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/**
 * The end of a primary that cannot go on (SPEC F11): one sentence, then the process is gone,
 * without hooks. Its workers see their channels close, and leave; whoever started it can start it
 * again. A primary that stayed would supervise nobody, and hold the port all the same. Safe for any
 * thread.
 *
 * <p>All that it needs is there from the start: the heap may be full by then, and our jar gone.
 */
final class EmergencyExit implements Thread.UncaughtExceptionHandler {
    /** EX_SOFTWARE, sysexits.h. */
    static final int CODE = 70;

    /** Nobody may read our stderr, and a write to a full pipe never ends. */
    private static final long SAYING_MAY_TAKE_MILLIS = 1000;

    private static final byte[] BEGIN = "prefork: cannot go on, and ends: ".getBytes(UTF_8);
    private static final byte[] END = "\n".getBytes(UTF_8);

    private final OutputStream err;
    private final IntConsumer halt;
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch said = new CountDownLatch(1);

    EmergencyExit() {
        this(new FileOutputStream(FileDescriptor.err), Runtime.getRuntime()::halt);
    }

    /**
     * For tests.
     *
     * @param halt ends the process with a code
     */
    EmergencyExit(OutputStream err, IntConsumer halt) {
        this.err = err;
        this.halt = halt;
        Thread.ofPlatform().name("prefork-emergency").daemon().start(this::haltWhenSaid);
    }

    /** Ends the process for what is no fault of a worker or of the user. */
    void because(Throwable fault) {
        begun.countDown();
        say(fault);
        said.countDown();
        halt.accept(CODE);
    }

    @Override
    public void uncaughtException(Thread thread, Throwable fault) {
        because(fault);
    }

    /** A task whose fault ends the process: nobody else would hear of it. */
    Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (Throwable fault) {
                because(fault);
            }
        };
    }

    private void say(Throwable fault) {
        try {
            err.write(BEGIN);
            err.write(fault.toString().lines().findFirst().orElse("").getBytes(UTF_8));
            StackTraceElement[] trace = fault.getStackTrace();
            if (trace.length > 0) {
                err.write((" at " + trace[0]).getBytes(UTF_8));
            }
        } catch (IOException nobodyReads) {
            // It ends all the same.
        } catch (Throwable noRoomForWords) {
            // As above.
        }
        try {
            err.write(END);
        } catch (IOException nobodyReads) {
            // As above.
        }
    }

    private void haltWhenSaid() {
        try {
            begun.await();
            var _ = said.await(SAYING_MAY_TAKE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException nobodyDoes) {
            Thread.currentThread().interrupt();
        }
        halt.accept(CODE);
    }
}
