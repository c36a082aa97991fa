package dev.prefork.worker;

import dev.prefork.net.ListenRequest;
import dev.prefork.wire.HostLiteral;

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
 * @param port −1 for a Unix socket
 * @param addressType 4, 6, or −1 for a Unix socket
 */
record ListenAddress(Optional<String> address, int port, int addressType) {
    static ListenAddress of(ListenRequest request) {
        if (request.address() instanceof UnixDomainSocketAddress unix) {
            Path absolute = unix.getPath().toAbsolutePath().normalize();
            return new ListenAddress(Optional.of(absolute.toString()), -1, -1);
        }
        InetSocketAddress inet = (InetSocketAddress) request.address();
        InetAddress host = inet.getAddress();
        if (host.isAnyLocalAddress() && request.family() == StandardProtocolFamily.INET6) {
            // The JDK binds either wildcard of an INET6 socket to both families; Node's name for
            // that is no host, type 4.
            return new ListenAddress(Optional.empty(), inet.getPort(), 4);
        }
        return new ListenAddress(
                Optional.of(HostLiteral.of(host)),
                inet.getPort(),
                host instanceof Inet6Address ? 6 : 4);
    }

    Optional<Path> unixPath() {
        return port < 0 ? address.map(Path::of) : Optional.empty();
    }

    /**
     * The part of a queryServer frame that names the address. Like Node, without fd when there is
     * none.
     */
    Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("address", address.orElse(null));
        fields.put("port", port);
        fields.put("addressType", addressType);
        return fields;
    }
}
