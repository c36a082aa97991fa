package dev.prefork.cli;

import dev.prefork.Message;

import java.io.IOException;
import java.nio.channels.SelectableChannel;

/** A socket that came with a message which nobody here reads. */
final class UnwantedHandle {
    private UnwantedHandle() {}

    static void close(Message message) {
        message.handle().ifPresent(UnwantedHandle::close);
    }

    private static void close(SelectableChannel handle) {
        try {
            handle.close();
        } catch (IOException unsent) {
            // It is closed.
        }
    }
}
