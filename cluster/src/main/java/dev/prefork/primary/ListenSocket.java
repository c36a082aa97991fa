package dev.prefork.primary;

import dev.prefork.posix.Errno;
import dev.prefork.posix.Fd;
import dev.prefork.posix.PosixException;
import dev.prefork.posix.Sockets;
import dev.prefork.wire.HostLiteral;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A socket that the primary listens on, owned by the listen handle it belongs to. */
final class ListenSocket implements AutoCloseable {
    /** Node's default for server.listen(). */
    private static final int DEFAULT_BACKLOG = 511;

    /** UV_TCP_IPV6ONLY of libuv, in the flags of queryServer. */
    private static final int IPV6_ONLY_FLAG = 1;

    private final Fd fd;
    private final SocketAddress address;

    private ListenSocket(Fd fd, SocketAddress address) {
        this.fd = fd;
        this.address = address;
    }

    /**
     * Binds and listens.
     *
     * @param flags of the queryServer frame
     * @param backlog of the queryServer frame; 0: Node's default
     * @throws PosixException such as EADDRINUSE or EACCES
     */
    static ListenSocket open(ListenKey key, int flags, int backlog) throws PosixException {
        int queue = backlog > 0 ? backlog : DEFAULT_BACKLOG;
        if (key.port() < 0) {
            return open(
                    StandardProtocolFamily.UNIX,
                    UnixDomainSocketAddress.of(shortest(key)),
                    false,
                    queue);
        }
        Optional<InetAddress> host = literal(key);
        if (host.isPresent()) {
            boolean six = host.get() instanceof Inet6Address;
            return open(
                    six ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET,
                    new InetSocketAddress(host.get(), key.port()),
                    six && (flags & IPV6_ONLY_FLAG) != 0,
                    queue);
        }
        try {
            return open(StandardProtocolFamily.INET6, all("::", key.port()), false, queue);
        } catch (PosixException e) {
            if (e.errno() != Errno.EAFNOSUPPORT && e.errno() != Errno.EADDRNOTAVAIL) {
                throw e;
            }
            // A machine without IPv6. Node falls back in the same way.
            return open(StandardProtocolFamily.INET, all("0.0.0.0", key.port()), false, queue);
        }
    }

    private static ListenSocket open(
            StandardProtocolFamily family, SocketAddress address, boolean ipv6Only, int backlog)
            throws PosixException {
        Fd fd = Sockets.open(family, Sockets.Type.STREAM);
        try {
            if (family != StandardProtocolFamily.UNIX) {
                Sockets.setOption(fd.number(), Sockets.Option.REUSE_ADDRESS, 1);
            }
            if (family == StandardProtocolFamily.INET6) {
                Sockets.setOption(fd.number(), Sockets.Option.IPV6_ONLY, ipv6Only ? 1 : 0);
            }
            Sockets.bind(fd.number(), address);
            Sockets.listen(fd.number(), backlog);
            return new ListenSocket(fd, Sockets.localAddress(fd.number()));
        } catch (PosixException e) {
            fd.close();
            throw e;
        }
    }

    private static Optional<InetAddress> literal(ListenKey key) throws PosixException {
        if (key.address().isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(key.address().get()));
        } catch (IllegalArgumentException notLiteral) {
            // The worker resolves names, as Node's does.
            throw new PosixException("bind", key.address().get(), Errno.EINVAL);
        }
    }

    private static InetSocketAddress all(String address, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), port);
    }

    /**
     * A socket's path has at most 107 bytes: where the way from our directory is shorter, take
     * that.
     */
    private static Path shortest(ListenKey key) throws PosixException {
        Path absolute =
                Path.of(
                        key.address()
                                .orElseThrow(
                                        () -> new PosixException("bind", "no path", Errno.EINVAL)));
        Path relative = Path.of("").toAbsolutePath().relativize(absolute.toAbsolutePath());
        return relative.toString().length() < absolute.toString().length() ? relative : absolute;
    }

    int descriptor() {
        return fd.number();
    }

    Fd fd() {
        return fd;
    }

    /** The sockname of a queryServer answer: empty for a Unix socket. */
    Optional<Map<String, Object>> sockname() {
        if (!(address instanceof InetSocketAddress inet)) {
            return Optional.empty();
        }
        Map<String, Object> name = new LinkedHashMap<>();
        name.put("address", HostLiteral.of(inet.getAddress()));
        name.put("family", inet.getAddress() instanceof Inet6Address ? "IPv6" : "IPv4");
        name.put("port", inet.getPort());
        return Optional.of(name);
    }

    /** Closes the socket, and removes the file of a Unix socket, as libuv does. */
    @Override
    public void close() {
        fd.close();
        if (address instanceof UnixDomainSocketAddress unix) {
            try {
                Files.deleteIfExists(unix.getPath());
            } catch (IOException leftBehind) {
                System.getLogger(ListenSocket.class.getName())
                        .log(
                                System.Logger.Level.WARNING,
                                "cannot remove the socket file path=" + unix,
                                leftBehind);
            }
        }
    }
}
