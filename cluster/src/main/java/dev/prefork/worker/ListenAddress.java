package dev.prefork.worker;

import dev.prefork.AddressType;
import dev.prefork.net.DatagramRequest;
import dev.prefork.net.DescriptorAddress;
import dev.prefork.net.ListenRequest;
import dev.prefork.wire.HostLiteral;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * An address as Node's workers name it to their primary, so that Java and Node workers that mean
 * the same share it.
 *
 * @param address a literal in Node's spelling or an absolute path; empty: all addresses, IPv6 and
 *     IPv4
 * @param port −1 for a Unix socket; empty for a descriptor
 * @param type what it is
 * @param fd a descriptor of the primary, or −1
 */
record ListenAddress(Optional<String> address, Optional<Integer> port, AddressType type, int fd) {
    static ListenAddress of(ListenRequest request) {
        return switch (request.address()) {
            case DescriptorAddress descriptor -> ofDescriptor(descriptor, AddressType.DESCRIPTOR);
            case UnixDomainSocketAddress unix -> {
                Path absolute = unix.getPath().toAbsolutePath().normalize();
                yield of(Optional.of(absolute.toString()), -1, AddressType.UNIX);
            }
            default ->
                    ofPort(
                            (InetSocketAddress) request.address(),
                            request.family(),
                            request.mode().ipv6Only());
        };
    }

    private static ListenAddress ofPort(
            InetSocketAddress inet, StandardProtocolFamily family, boolean ipv6Only) {
        InetAddress host = inet.getAddress();
        if (host.isAnyLocalAddress() && family == StandardProtocolFamily.INET6) {
            // The JDK binds either wildcard of an INET6 socket to both families; Node's name for
            // that is no host, type 4.
            return ipv6Only
                    ? of(Optional.of("::"), inet.getPort(), AddressType.TCP6)
                    : of(Optional.empty(), inet.getPort(), AddressType.TCP4);
        }
        return of(
                Optional.of(HostLiteral.of(host)),
                inet.getPort(),
                host instanceof Inet6Address ? AddressType.TCP6 : AddressType.TCP4);
    }

    /** The socket has the family of the channel, whatever that of the address. */
    static ListenAddress of(DatagramRequest request) {
        boolean six = request.family() == StandardProtocolFamily.INET6;
        AddressType type = six ? AddressType.UDP6 : AddressType.UDP4;
        if (request.address() instanceof DescriptorAddress descriptor) {
            return ofDescriptor(descriptor, type);
        }
        InetSocketAddress inet = (InetSocketAddress) request.address();
        String host = HostLiteral.of(inet.getAddress());
        if (six && inet.getAddress().isAnyLocalAddress()) {
            host = "::";
        } else if (six && inet.getAddress() instanceof Inet4Address) {
            host = "::ffff:" + host;
        }
        return of(Optional.of(host), inet.getPort(), type);
    }

    private static ListenAddress of(Optional<String> address, int port, AddressType type) {
        return new ListenAddress(address, Optional.of(port), type, -1);
    }

    private static ListenAddress ofDescriptor(DescriptorAddress descriptor, AddressType type) {
        return new ListenAddress(Optional.empty(), Optional.empty(), type, descriptor.number());
    }

    boolean isUdp() {
        return type == AddressType.UDP4 || type == AddressType.UDP6;
    }

    /** Whether a socket with this port is the one that was asked for. */
    boolean accepts(int boundPort) {
        return port.filter(wanted -> wanted > 0 && wanted != boundPort).isEmpty();
    }

    /** What the application is told where the socket has no name that could be asked for. */
    Optional<Path> unixPath() {
        return switch (type) {
            case UNIX -> address.map(Path::of);
            case DESCRIPTOR -> Optional.of(Path.of(""));
            case TCP4, TCP6, UDP4, UDP6 -> Optional.empty();
        };
    }

    /**
     * The part of a queryServer frame that names the address. Like Node, without fd when there is
     * none, except for UDP.
     */
    Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("address", address.orElse(null));
        fields.put("port", port.orElse(null));
        fields.put("addressType", type.nodeValue());
        if (fd >= 0 || isUdp()) {
            fields.put("fd", fd);
        }
        return fields;
    }
}
