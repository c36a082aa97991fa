package dev.prefork.net;

import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.util.Objects;

/**
 * What a datagram channel wants to be bound to.
 *
 * @param address a resolved {@link java.net.InetSocketAddress}, which on an INET6 channel may be an
 *     IPv4 one, or a {@link DescriptorAddress}
 * @param family of the channel's socket, which the shared one must have too
 * @param reuseAddress whether SO_REUSEADDR was set
 * @param mode beside the address
 */
public record DatagramRequest(
        SocketAddress address, StandardProtocolFamily family, boolean reuseAddress, BindMode mode) {
    public DatagramRequest {
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(family, "family");
        Objects.requireNonNull(mode, "mode");
    }
}
