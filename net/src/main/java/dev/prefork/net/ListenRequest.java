package dev.prefork.net;

import sun.nio.ch.Net;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.Objects;

/**
 * What a server wants to listen on.
 *
 * @param address as the application gave it: a resolved {@link InetSocketAddress}, whose address
 *     may be a wildcard and whose port may be 0, a {@link UnixDomainSocketAddress}, or a {@link
 *     DescriptorAddress}
 * @param family of the channel's socket. The wildcard of either family on an INET6 socket means
 *     both families, as the JDK binds it: {@code [::]}, not IPv6 only, unless the mode says so
 * @param backlog at least 1; {@link #AS_MANY_AS_THE_SYSTEM_ALLOWS} when the program names none
 * @param mode beside the address
 */
public record ListenRequest(
        SocketAddress address, StandardProtocolFamily family, int backlog, BindMode mode) {
    /**
     * The kernel takes net.core.somaxconn for it. The JDK has 50 for a program that names none,
     * which is not its wish: who comes as the 51st while all are busy waits a second for its
     * system's next try, and may give up.
     */
    static final int AS_MANY_AS_THE_SYSTEM_ALLOWS = Integer.MAX_VALUE;

    public ListenRequest {
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(family, "family");
        Objects.requireNonNull(mode, "mode");
        if (backlog < 1) {
            throw new IllegalArgumentException("backlog=" + backlog);
        }
    }

    /** Of an unmodified program. */
    public ListenRequest(SocketAddress address, StandardProtocolFamily family, int backlog) {
        this(address, family, backlog, BindMode.USUAL);
    }

    /**
     * Reads the arguments of a bind as {@link java.nio.channels.ServerSocketChannel#bind} does.
     *
     * @param local null means any address and any port, which is for internet sockets only
     * @throws UnsupportedAddressTypeException if a socket of this family cannot have the address
     * @throws java.nio.channels.UnresolvedAddressException if a name was not found
     */
    static ListenRequest of(
            SocketAddress local, StandardProtocolFamily family, int backlog, BindMode mode)
            throws IOException {
        SocketAddress address = local == null ? anyAddress(family) : local;
        if (!(address instanceof DescriptorAddress)) {
            switch (family) {
                case UNIX -> require(address instanceof UnixDomainSocketAddress);
                case INET ->
                        require(Net.checkAddress(address).getAddress() instanceof Inet4Address);
                case INET6 -> Net.checkAddress(address);
            }
        }
        return new ListenRequest(
                address, family, backlog < 1 ? AS_MANY_AS_THE_SYSTEM_ALLOWS : backlog, mode);
    }

    private static SocketAddress anyAddress(StandardProtocolFamily family) throws IOException {
        int length = family == StandardProtocolFamily.INET ? 4 : 16;
        return new InetSocketAddress(InetAddress.getByAddress(new byte[length]), 0);
    }

    private static void require(boolean supported) {
        if (!supported) {
            throw new UnsupportedAddressTypeException();
        }
    }
}
