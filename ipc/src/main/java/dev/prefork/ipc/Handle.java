package dev.prefork.ipc;

import dev.prefork.posix.Fd;

import java.util.Optional;

/**
 * A descriptor that travels with a message.
 *
 * @param type one of Node's names, such as {@code net.Native}: what the receiver makes of the
 *     descriptor
 * @param fd the descriptor; what is sent is the channel's, what is received is the receiver's
 * @param datagramType udp4 or udp6 where the type is {@code dgram.Socket}: Node's receiver needs it
 * @param key received with a {@code net.Socket} of one of the sender's servers: the name by which
 *     the sender asks how many of them are still open
 */
public record Handle(String type, Fd fd, Optional<String> datagramType, Optional<String> key) {
    /** A bare TCP or pipe handle, as Node's cluster sends them. */
    public static final String NET_NATIVE = "net.Native";

    /** A bare UDP handle. */
    public static final String DGRAM_NATIVE = "dgram.Native";

    /** A handle of any type but {@code dgram.Socket}. */
    public Handle(String type, Fd fd) {
        this(type, fd, Optional.empty(), Optional.empty());
    }
}
