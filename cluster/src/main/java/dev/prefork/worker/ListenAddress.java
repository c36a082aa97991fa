package dev.prefork.worker;

import dev.prefork.net.ListenRequest;

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
                Optional.of(literal(host)), inet.getPort(), host instanceof Inet6Address ? 6 : 4);
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

    /**
     * The JDK writes every group of an IPv6 address, Node the short form of RFC 5952: both must
     * name the same key.
     */
    static String literal(InetAddress host) {
        String full = host.getHostAddress();
        if (!(host instanceof Inet6Address)) {
            return full;
        }
        int scopeAt = full.indexOf('%');
        String groups = scopeAt < 0 ? full : full.substring(0, scopeAt);
        String scope = scopeAt < 0 ? "" : full.substring(scopeAt);
        return shorten(groups.split(":")) + scope;
    }

    private static String shorten(String[] groups) {
        int longestAt = -1;
        int longest = 1;
        for (int start = 0; start < groups.length; start++) {
            int end = start;
            while (end < groups.length && groups[end].equals("0")) {
                end++;
            }
            if (end - start > longest) {
                longestAt = start;
                longest = end - start;
            }
        }
        if (longestAt < 0) {
            return String.join(":", groups);
        }
        String before = String.join(":", java.util.Arrays.copyOfRange(groups, 0, longestAt));
        String after =
                String.join(
                        ":",
                        java.util.Arrays.copyOfRange(groups, longestAt + longest, groups.length));
        return before + "::" + after;
    }
}
