package dev.prefork.posix;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Java's socket addresses as C's, and back. */
final class SocketAddresses {
    static final int AF_UNIX = 1;
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;

    /** struct sockaddr_un is the largest that we use: sa_family_t and char sun_path[108]. */
    static final int MAX_BYTES = 110;

    private static final int PATH_OFFSET = 2;
    private static final int MAX_PATH_BYTES = 107;
    private static final ValueLayout.OfShort NETWORK_SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

    private SocketAddresses() {}

    static int family(SocketAddress address) {
        return switch (address) {
            case UnixDomainSocketAddress unix -> AF_UNIX;
            case InetSocketAddress inet when inet.getAddress() instanceof Inet4Address -> AF_INET;
            case InetSocketAddress inet when inet.getAddress() instanceof Inet6Address -> AF_INET6;
            default -> throw new IllegalArgumentException("address=" + address);
        };
    }

    /** Writes the address and returns its length in bytes. */
    static int encode(SocketAddress address, MemorySegment to) {
        to.fill((byte) 0);
        int family = family(address);
        to.set(SHORT, 0, (short) family);
        if (address instanceof UnixDomainSocketAddress unix) {
            byte[] path = unix.getPath().toString().getBytes(StandardCharsets.UTF_8);
            if (path.length > MAX_PATH_BYTES) {
                throw new IllegalArgumentException(
                        "a Unix socket path has at most 107 bytes, path=" + unix);
            }
            MemorySegment.copy(path, 0, to, ValueLayout.JAVA_BYTE, PATH_OFFSET, path.length);
            // A NUL alone would not be "no name" but the abstract name of no bytes, one for the
            // whole machine.
            return path.length == 0 ? PATH_OFFSET : PATH_OFFSET + path.length + 1;
        }
        InetSocketAddress inet = (InetSocketAddress) address;
        byte[] bytes = inet.getAddress().getAddress();
        to.set(NETWORK_SHORT, 2, (short) inet.getPort());
        if (family == AF_INET) {
            // struct sockaddr_in: sa_family_t; in_port_t; struct in_addr; char pad[8]
            MemorySegment.copy(bytes, 0, to, ValueLayout.JAVA_BYTE, 4, 4);
            return 16;
        }
        // struct sockaddr_in6: sa_family_t; in_port_t; uint32_t flowinfo; struct in6_addr; uint32_t
        // scope_id
        MemorySegment.copy(bytes, 0, to, ValueLayout.JAVA_BYTE, 8, 16);
        to.set(INT, 24, ((Inet6Address) inet.getAddress()).getScopeId());
        return 28;
    }

    /** As {@link #encode}, for a socket of IPv6, which knows an IPv4 address as ::ffff:a.b.c.d. */
    static int encodeMapped(InetSocketAddress ipv4, MemorySegment to) {
        to.fill((byte) 0);
        to.set(SHORT, 0, (short) AF_INET6);
        to.set(NETWORK_SHORT, 2, (short) ipv4.getPort());
        to.set(SHORT, 18, (short) -1);
        MemorySegment.copy(ipv4.getAddress().getAddress(), 0, to, ValueLayout.JAVA_BYTE, 20, 4);
        return 28;
    }

    static SocketAddress decode(MemorySegment from, int length) {
        int family = length < 2 ? AF_UNIX : from.get(SHORT, 0);
        return switch (family) {
            case AF_UNIX -> {
                // The kernel counts a NUL behind 108 bytes of path, though it has no room in the
                // structure.
                byte[] path = new byte[Math.max(0, Math.min(length, MAX_BYTES) - PATH_OFFSET)];
                MemorySegment.copy(from, ValueLayout.JAVA_BYTE, PATH_OFFSET, path, 0, path.length);
                int end = 0;
                while (end < path.length && path[end] != 0) {
                    end++;
                }
                yield UnixDomainSocketAddress.of(new String(path, 0, end, StandardCharsets.UTF_8));
            }
            case AF_INET -> inet(from, 4, 4, 0);
            case AF_INET6 -> inet(from, 8, 16, from.get(INT, 24));
            default -> throw new IllegalArgumentException("address family=" + family);
        };
    }

    private static InetSocketAddress inet(MemorySegment from, int offset, int size, int scope) {
        byte[] bytes = new byte[size];
        MemorySegment.copy(from, ValueLayout.JAVA_BYTE, offset, bytes, 0, size);
        int port = Short.toUnsignedInt(from.get(NETWORK_SHORT, 2));
        try {
            // getByAddress turns an IPv4-mapped address into the IPv4 one, as the JDK's own sockets
            // do.
            InetAddress plain = InetAddress.getByAddress(bytes);
            boolean scoped = scope != 0 && plain instanceof Inet6Address;
            return new InetSocketAddress(
                    scoped ? Inet6Address.getByAddress(null, bytes, scope) : plain, port);
        } catch (UnknownHostException e) {
            throw new AssertionError("an address of " + size + " bytes is always legal", e);
        }
    }
}
