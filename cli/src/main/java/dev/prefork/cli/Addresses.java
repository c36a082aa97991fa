package dev.prefork.cli;

import dev.prefork.ListeningAddress;

import java.util.List;

/** Addresses as people write them. */
final class Addresses {
    private static final int MANY = 10;

    private Addresses() {}

    /** The first of them, and how many more there are. */
    static String list(List<String> addresses) {
        return addresses.size() <= MANY
                ? String.join(", ", addresses)
                : "%s and %d more"
                        .formatted(
                                String.join(", ", addresses.subList(0, MANY - 1)),
                                addresses.size() - MANY + 1);
    }

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
