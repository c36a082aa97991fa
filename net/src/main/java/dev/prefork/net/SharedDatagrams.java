package dev.prefork.net;

import dev.prefork.posix.Fd;

/**
 * A datagram socket that this process shares with others.
 *
 * @param socket bound, owned by whoever receives this
 * @param onClose is to be run once, when the socket is not used any more
 */
public record SharedDatagrams(Fd socket, Runnable onClose) {}
