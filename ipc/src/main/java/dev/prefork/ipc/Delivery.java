package dev.prefork.ipc;

import java.util.Optional;

/**
 * Told once what became of a message: it was written to the channel, or could not be. Called on the
 * loop's thread.
 */
@FunctionalInterface
public interface Delivery {
    Delivery IGNORED = failure -> {};

    void done(Optional<Exception> failure);
}
