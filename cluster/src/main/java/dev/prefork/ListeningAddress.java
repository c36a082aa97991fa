package dev.prefork;

import java.util.Optional;

/**
 * What a worker listens on: the argument of the 'listening' event; Node: {@code address}.
 *
 * @param address the host, or the path of a Unix socket; empty when the worker named no host and
 *     listens on all of them
 * @param port 1 to 65535; −1 for a Unix socket
 * @param addressType the kind of address
 * @param fd the primary's descriptor, where the worker asked for one; for UDP −1 if it did not, as
 *     in Node; else empty
 */
public record ListeningAddress(
        Optional<String> address, int port, AddressType addressType, Optional<Integer> fd) {}
