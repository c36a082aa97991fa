package dev.prefork.ipc;

import dev.prefork.posix.PosixException;

import java.io.IOException;

/**
 * A message could not be delivered because the channel is closed. Node calls it
 * ERR_IPC_CHANNEL_CLOSED.
 */
public final class ChannelClosedException extends IOException {
    private static final long serialVersionUID = 1L;

    public ChannelClosedException() {
        super("channel closed");
    }

    /** By the other end, as a write has shown. */
    ChannelClosedException(PosixException shown) {
        super("channel closed: " + shown.getMessage(), shown);
    }
}
