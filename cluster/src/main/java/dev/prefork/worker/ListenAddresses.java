package dev.prefork.worker;

import dev.prefork.AddressType;
import dev.prefork.net.DatagramRequest;
import dev.prefork.net.DescriptorAddress;
import dev.prefork.net.ListenRequest;
import dev.prefork.wire.HostLiteral;
import dev.prefork.wire.ListenAddress;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/** The addresses of the JDK's binds, as Node's workers name them to their primary. */
final class ListenAddresses {
    private ListenAddresses() {}

    static ListenAddress of(ListenRequest request) {
        return switch (request.address()) {
            case DescriptorAddress descriptor -> ofDescriptor(descriptor, AddressType.DESCRIPTOR);
            case UnixDomainSocketAddress unix -> {
                Path absolute = unix.getPath().toAbsolutePath().normalize();
                yield ListenAddress.of(Optional.of(absolute.toString()), -1, AddressType.UNIX);
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
                    ? ListenAddress.of(Optional.of("::"), inet.getPort(), AddressType.TCP6)
                    : ListenAddress.of(Optional.empty(), inet.getPort(), AddressType.TCP4);
        }
        return ListenAddress.of(
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
        return ListenAddress.of(Optional.of(host), inet.getPort(), type);
    }

    private static ListenAddress ofDescriptor(DescriptorAddress descriptor, AddressType type) {
        return ListenAddress.ofDescriptor(descriptor.number(), type);
    }
}
