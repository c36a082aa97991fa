package dev.prefork.ipc;

import dev.prefork.posix.Fd;

/**
 * A descriptor that travels with a message.
 *
 * @param type one of Node's names, such as {@code net.Native}: what the receiver makes of the
 *     descriptor
 * @param fd the descriptor; what is sent is the channel's, what is received is the receiver's
 */
public record Handle(String type, Fd fd) {
    /** A bare TCP or pipe handle, as Node's cluster sends them. */
    public static final String NET_NATIVE = "net.Native";

    /** A bare UDP handle. */
    public static final String DGRAM_NATIVE = "dgram.Native";
}
