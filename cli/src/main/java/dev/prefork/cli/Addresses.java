package dev.prefork.cli;

import dev.prefork.ListeningAddress;

/** Addresses as people write them. */
final class Addresses {
    private Addresses() {}

    /** Such as {@code *:8080}, {@code [::1]:8080}, {@code udp *:53}, {@code /run/app.sock}. */
    static String text(ListeningAddress address) {
        return switch (address.addressType()) {
            case TCP4, TCP6 -> hostAndPort(address);
            case UDP4, UDP6 -> "udp " + hostAndPort(address);
            case UNIX -> address.address().orElse("a Unix socket");
            case DESCRIPTOR -> "fd " + address.fd().map(String::valueOf).orElse("?");
        };
    }

    private static String hostAndPort(ListeningAddress address) {
        String host = address.address().orElse("*");
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.port();
    }
}
