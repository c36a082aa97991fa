package dev.prefork.keep;

import dev.prefork.ListeningAddress;
import dev.prefork.posix.InheritedSocket;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** Addresses as people write them. */
public final class Addresses {
    private Addresses() {}

    /**
     * Such as {@code *:8080}, {@code [::1]:8080}, {@code udp *:53}, {@code /run/app.sock}, {@code
     * *:80 (fd 0)}.
     */
    public static String text(ListeningAddress address) {
        return switch (address.addressType()) {
            case TCP4, TCP6 -> hostAndPort(address);
            case UDP4, UDP6 -> "udp " + hostAndPort(address);
            case UNIX -> address.address().orElse("a Unix socket");
            case DESCRIPTOR -> address.fd().map(Addresses::ofDescriptor).orElse("fd ?");
        };
    }

    /** A socket that prefork itself has. */
    private static String ofDescriptor(int number) {
        String descriptor = "fd " + number;
        return InheritedSocket.address(number)
                .map(Addresses::text)
                .map(address -> address + " (" + descriptor + ")")
                .orElse(descriptor);
    }

    private static String text(SocketAddress address) {
        return address instanceof InetSocketAddress inet
                ? hostAndPort(host(inet.getAddress()), inet.getPort())
                : address.toString();
    }

    private static String host(InetAddress address) {
        return address.isAnyLocalAddress() ? "*" : address.getHostAddress();
    }

    private static String hostAndPort(ListeningAddress address) {
        return hostAndPort(address.address().orElse("*"), address.port());
    }

    private static String hostAndPort(String host, int port) {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
