package dev.prefork.worker;

import dev.prefork.launch.WorkerOptions;
import dev.prefork.posix.Environment;

import java.util.Optional;

/**
 * What makes this process a worker.
 *
 * @param id the worker's
 * @param channel descriptor of the channel to the primary
 * @param options what the primary has to say that Node has no variable for
 */
record Invitation(int id, int channel, WorkerOptions options) {
    /**
     * Of the environment, which is without it afterwards; empty when this process is no worker.
     *
     * @throws IllegalStateException that says what is wrong with it
     */
    static Optional<Invitation> take() {
        return Environment.take("NODE_UNIQUE_ID").map(Invitation::take);
    }

    private static Invitation take(String id) {
        String channel =
                Environment.take("NODE_CHANNEL_FD")
                        .orElseThrow(
                                () ->
                                        new IllegalStateException(
                                                "NODE_UNIQUE_ID is set and NODE_CHANNEL_FD is not:"
                                                    + " this process was not forked by a primary"));
        String mode = Environment.take("NODE_CHANNEL_SERIALIZATION_MODE").orElse("json");
        if (!mode.equals("json")) {
            throw new IllegalStateException(
                    "the primary speaks serialization=" + mode + "; workers in Java speak json");
        }
        try {
            return new Invitation(
                    Integer.parseInt(id), Integer.parseInt(channel), WorkerOptions.take());
        } catch (NumberFormatException e) {
            throw new IllegalStateException(
                    "cannot open the channel to the primary, NODE_CHANNEL_FD=" + channel, e);
        }
    }
}
