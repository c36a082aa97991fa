package dev.prefork.ipc;

import java.util.Optional;

/** Told what became of a message, on the loop's thread. */
@FunctionalInterface
public interface Delivery {
    Delivery IGNORED = failure -> {};

    /** Once: the message was written to the channel, or could not be. */
    void done(Optional<Exception> failure);

    /**
     * The message was written, but the other process had no descriptor for its handle in any
     * attempt, and has dropped both: it never heard the message. Those behind it go on. Told after
     * {@link #done}, at most once.
     */
    default void handleLost() {}
}
