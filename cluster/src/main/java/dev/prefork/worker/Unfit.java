package dev.prefork.worker;

import dev.prefork.launch.WorkerJvm;
import dev.prefork.net.JdkOptions;

import java.io.PrintStream;
import java.util.function.Supplier;

/**
 * A process that was started as a worker and cannot be one, mostly by a primary that is not ours
 * and does not know what a JVM needs: it ends with one sentence that says what to do. Its primary
 * sees the code.
 */
final class Unfit {
    /** EX_CONFIG of {@code <sysexits.h>}. */
    static final int EXIT_CODE = 78;

    private Unfit() {}

    /** What the step makes; where it says what is wrong, the process ends. */
    static <T> T orEnd(Supplier<T> step) {
        try {
            return step.get();
        } catch (IllegalStateException | IllegalArgumentException said) {
            throw end(said);
        } catch (IllegalCallerException | ExceptionInInitializerError noSystemCalls) {
            // A primary has its exception. Not asked before: what Java's own environment brings in
            // reads properties that main may set.
            if (!Invitation.isThere()) {
                throw noSystemCalls;
            }
            throw end(noSystemCalls);
        }
    }

    /**
     * Refuses a JVM into which we are not let.
     *
     * @throws IllegalStateException that names the options
     */
    static void requireOptions() {
        if (!JdkOptions.areThoseOfAWorker()) {
            throw new IllegalStateException(
                    "this JVM is a worker without the options of one: let the command prefork start"
                            + " it, or add -javaagent:/path/prefork.jar, or "
                            + String.join(" ", WorkerJvm.optionsOfAnyLoader()));
        }
    }

    private static IllegalStateException end(Throwable said) {
        tell(said, System.err);
        Runtime.getRuntime().halt(EXIT_CODE);
        return new IllegalStateException("halted", said);
    }

    /** In one line. */
    static void tell(Throwable said, PrintStream to) {
        Throwable reason = said;
        while (reason instanceof ExceptionInInitializerError && reason.getCause() != null) {
            reason = reason.getCause();
        }
        to.println("prefork: " + reason.getMessage());
    }
}
