package dev.prefork.ipc;

import dev.prefork.posix.Fd;

import java.util.Optional;

/** What a channel's owner is told, on the loop's thread, in the order in which it was sent. */
public interface ChannelListener {
    /**
     * A message of the application at the other end.
     *
     * @param value as {@link Json} reads it
     * @param handle what came with it, the listener's to close
     */
    void message(Object value, Optional<Handle> handle) throws Exception;

    /**
     * A message of the runtime at the other end.
     *
     * @param handle what came with it, the listener's to close
     */
    void frame(Frame frame, Optional<Fd> handle) throws Exception;

    /**
     * A message that nobody asks after could not be written, or the other end broke the protocol.
     */
    void error(Exception problem);

    /** The channel is closed; nothing comes any more. Called once. */
    void disconnected();
}
