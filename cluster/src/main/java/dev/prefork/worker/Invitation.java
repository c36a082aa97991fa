package dev.prefork.worker;

import dev.prefork.launch.Appointment;
import dev.prefork.launch.WorkerOptions;
import dev.prefork.posix.Environment;
import dev.prefork.posix.PosixException;

import java.util.Optional;

/**
 * What makes this process a worker.
 *
 * @param id the worker's; of a spare 0 until it is {@link #appointed}
 * @param channel descriptor of the channel to the primary
 * @param options what the primary has to say that Node has no variable for
 */
record Invitation(int id, int channel, WorkerOptions options) {
    private static final String UNIQUE_ID = "NODE_UNIQUE_ID";
    private static final String CHANNEL_FD = "NODE_CHANNEL_FD";
    private static final int NONE_YET = 0;

    /** Whether this process was started as a worker, as far as Java alone can tell. */
    static boolean isThere() {
        return System.getenv(UNIQUE_ID) != null;
    }

    /**
     * Of the environment, which is without it afterwards; empty when this process is no worker.
     *
     * @throws IllegalStateException that says what is wrong with it
     */
    static Optional<Invitation> take() {
        return Appointment.isAwaited()
                ? Optional.of(take(NONE_YET))
                : Environment.take(UNIQUE_ID).map(id -> take(number(UNIQUE_ID, id)));
    }

    private static Invitation take(int id) {
        String channel =
                Environment.take(CHANNEL_FD)
                        .orElseThrow(
                                () ->
                                        new IllegalStateException(
                                                "NODE_UNIQUE_ID is set and NODE_CHANNEL_FD is not:"
                                                    + " this process was not forked by a primary"));
        String mode = Environment.take("NODE_CHANNEL_SERIALIZATION_MODE").orElse("json");
        if (!mode.equals("json")) {
            throw new IllegalStateException(
                    "the primary speaks serialization: '"
                            + mode
                            + "', which is V8's own; a worker in Java needs"
                            + " cluster.setupPrimary({ serialization: 'json' })");
        }
        return new Invitation(id, number(CHANNEL_FD, channel), WorkerOptions.take());
    }

    private static int number(String variable, String value) {
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new IllegalStateException(
                    "cannot open the channel to the primary, " + variable + "=" + value, e);
        }
    }

    boolean isSpare() {
        return id == NONE_YET;
    }

    /**
     * With the worker's id. A spare waits for it, and ends with its primary.
     *
     * @throws PosixException when the channel is none
     */
    Invitation appointed() throws PosixException {
        if (!isSpare()) {
            return this;
        }
        if (!Appointment.await(channel)) {
            // Nothing has run here whose end anybody would miss.
            Runtime.getRuntime().halt(0);
        }
        int appointed = number(UNIQUE_ID, Environment.take(UNIQUE_ID).orElseThrow());
        return new Invitation(appointed, channel, options);
    }
}
