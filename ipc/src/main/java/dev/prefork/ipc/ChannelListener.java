package dev.prefork.ipc;

import dev.prefork.json.JsonText;
import dev.prefork.posix.Fd;

import java.util.Optional;

/**
 * What a channel's owner is told, on the loop's thread, in the order in which it was sent.
 *
 * <p>A delivery that throws is over: its receipt is done and its descriptor closed by the channel.
 * A {@link ProtocolException} says that the other end is to blame and closes the channel, another
 * exception goes to {@link #error}, an Error to the loop's faults.
 */
public interface ChannelListener {
    /**
     * A message of the application at the other end.
     *
     * @param handle what came with it, the listener's to close
     * @param receipt to be done when the message takes no more room here
     */
    void message(JsonText content, Optional<Handle> handle, Receipt receipt) throws Exception;

    /**
     * A message of the runtime at the other end.
     *
     * @param handle what came with it, the listener's to close
     * @param receipt to be done when the frame takes no more room here
     */
    void frame(Frame frame, Optional<Fd> handle, Receipt receipt) throws Exception;

    /**
     * The channel broke, a handle did not arrive, or a delivery threw. A message that could not be
     * written is told to its {@link Delivery} alone.
     */
    void error(Exception problem);

    /**
     * The channel closes because the other end has broken the protocol; after {@link #error} with
     * the same, before {@link #disconnected}.
     */
    default void broken(ProtocolException by) {}

    /** The channel is closed; nothing comes any more. Called once. */
    void disconnected();
}
