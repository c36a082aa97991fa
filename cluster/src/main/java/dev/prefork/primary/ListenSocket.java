package dev.prefork.primary;

import dev.prefork.AddressType;
import dev.prefork.ipc.Frame;
import dev.prefork.ipc.ProtocolException;
import dev.prefork.posix.Descriptors;
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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A socket that the primary listens on, or has bound for datagrams; owned by the listen handle it
 * belongs to.
 */
final class ListenSocket implements AutoCloseable {
    /** Node's default for server.listen(). */
    private static final int DEFAULT_BACKLOG = 511;

    private static final int MAX_PATH_BYTES = 107;

    // Of libuv, in the flags of queryServer: UV_TCP_IPV6ONLY and UV_UDP_IPV6ONLY are the same.
    private static final int IPV6_ONLY_FLAG = 1;
    private static final int UDP_REUSE_ADDRESS_FLAG = 4;

    private final Fd fd;
    private final SocketAddress address;

    /** What is removed at the end: the file of a Unix socket that we made. */
    private final Optional<Path> file;

    private ListenSocket(Fd fd, Optional<Path> file) throws PosixException {
        this.fd = fd;
        this.address = Sockets.localAddress(fd.number());
        this.file = file;
    }

    /**
     * What the first worker of an address wants of it, and so all get.
     *
     * @param backlog 0: Node's default
     */
    record Wishes(int flags, int backlog, boolean readableAll, boolean writableAll) {
        static Wishes of(Frame queryServer) throws ProtocolException {
            return new Wishes(
                    queryServer.integer("flags").orElse(0),
                    queryServer.integer("backlog").orElse(0),
                    queryServer.isTrue("readableAll"),
                    queryServer.isTrue("writableAll"));
        }

        private boolean has(int flag) {
            return (flags & flag) != 0;
        }

        private int queue() {
            return backlog > 0 ? backlog : DEFAULT_BACKLOG;
        }
    }

    /**
     * Binds, and listens unless it is for datagrams.
     *
     * @throws PosixException such as EADDRINUSE or EACCES
     */
    static ListenSocket open(ListenKey key, Wishes wishes) throws PosixException {
        if (key.fd() >= 0) {
            return ofDescriptor(key, wishes);
        } else if (key.addressType() == AddressType.UNIX) {
            return unix(key, wishes);
        }
        Optional<InetAddress> host = literal(key);
        int port = Math.max(key.port(), 0);
        if (host.isPresent()) {
            boolean six =
                    host.get() instanceof Inet6Address || key.addressType() == AddressType.UDP6;
            return open(
                    six ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET,
                    new InetSocketAddress(host.get(), port),
                    key,
                    wishes);
        }
        if (key.addressType() == AddressType.UDP4) {
            return open(StandardProtocolFamily.INET, all("0.0.0.0", port), key, wishes);
        }
        try {
            return open(StandardProtocolFamily.INET6, all("::", port), key, wishes);
        } catch (PosixException e) {
            if (e.errno() != Errno.EAFNOSUPPORT && e.errno() != Errno.EADDRNOTAVAIL) {
                throw e;
            }
            // A machine without IPv6. Node falls back in the same way.
            return open(StandardProtocolFamily.INET, all("0.0.0.0", port), key, wishes);
        }
    }

    private static ListenSocket open(
            StandardProtocolFamily family, SocketAddress address, ListenKey key, Wishes wishes)
            throws PosixException {
        Fd fd = Sockets.open(family, key.isUdp() ? Sockets.Type.DATAGRAM : Sockets.Type.STREAM);
        return kept(
                fd,
                () -> {
                    // TCP: a port may be listened on again at once. UDP: two would take from each
                    // other.
                    if (!key.isUdp() || wishes.has(UDP_REUSE_ADDRESS_FLAG)) {
                        Sockets.setOption(fd.number(), Sockets.Option.REUSE_ADDRESS, 1);
                    }
                    if (family == StandardProtocolFamily.INET6) {
                        boolean only = wishes.has(IPV6_ONLY_FLAG);
                        Sockets.setOption(fd.number(), Sockets.Option.IPV6_ONLY, only ? 1 : 0);
                    }
                    Sockets.bind(fd.number(), address);
                    if (!key.isUdp()) {
                        Sockets.listen(fd.number(), wishes.queue());
                    }
                    return new ListenSocket(fd, Optional.empty());
                });
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
     * A socket that this process has already. Differs from Node, which closes it when the last
     * worker leaves: a copy, so that the number can be listened on again.
     */
    private static ListenSocket ofDescriptor(ListenKey key, Wishes wishes) throws PosixException {
        Fd fd = Descriptors.copy(key.fd());
        return kept(
                fd,
                () -> {
                    boolean datagrams = Sockets.type(fd.number()) == Sockets.Type.DATAGRAM;
                    if (datagrams != key.isUdp()) {
                        throw new PosixException("listen", key.wireName(), Errno.EINVAL);
                    }
                    Descriptors.setNonBlocking(fd.number(), true);
                    if (!datagrams) {
                        Sockets.listen(fd.number(), wishes.queue());
                    }
                    return new ListenSocket(fd, Optional.empty());
                });
    }

    private static ListenSocket unix(ListenKey key, Wishes wishes) throws PosixException {
        Path file =
                Path.of(
                                key.address()
                                        .orElseThrow(
                                                () ->
                                                        new PosixException(
                                                                "bind", "no path", Errno.EINVAL)))
                        .toAbsolutePath();
        Path shortest = shortest(file);
        Fd fd = Sockets.open(StandardProtocolFamily.UNIX, Sockets.Type.STREAM);
        return kept(
                fd,
                () -> {
                    Sockets.bind(fd.number(), UnixDomainSocketAddress.of(shortest));
                    permit(file, wishes);
                    Sockets.listen(fd.number(), wishes.queue());
                    return new ListenSocket(fd, Optional.of(file));
                });
    }

    /**
     * A socket's path has at most 107 bytes: where the way from our directory is shorter, take
     * that.
     */
    private static Path shortest(Path absolute) throws PosixException {
        Path relative = Path.of("").toAbsolutePath().relativize(absolute);
        Path shortest = bytes(relative) < bytes(absolute) ? relative : absolute;
        if (bytes(shortest) > MAX_PATH_BYTES) {
            throw new PosixException("bind", shortest.toString(), Errno.ENAMETOOLONG);
        }
        return shortest;
    }

    private static int bytes(Path path) {
        return path.toString().getBytes(StandardCharsets.UTF_8).length;
    }

    /** Adds what is wished for to what the umask left. */
    private static void permit(Path file, Wishes wishes) throws PosixException {
        Set<PosixFilePermission> more = EnumSet.noneOf(PosixFilePermission.class);
        if (wishes.readableAll()) {
            more.addAll(PosixFilePermissions.fromString("r--r--r--"));
        }
        if (wishes.writableAll()) {
            more.addAll(PosixFilePermissions.fromString("-w--w--w-"));
        }
        if (more.isEmpty()) {
            return;
        }
        try {
            more.addAll(Files.getPosixFilePermissions(file));
            Files.setPosixFilePermissions(file, more);
        } catch (IOException e) {
            remove(file);
            throw new PosixException("chmod", file.toString(), Errno.EPERM);
        }
    }

    private interface Opening {
        ListenSocket open() throws PosixException;
    }

    private static ListenSocket kept(Fd fd, Opening opening) throws PosixException {
        try {
            return opening.open();
        } catch (PosixException e) {
            fd.close();
            throw e;
        }
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
        file.ifPresent(ListenSocket::remove);
    }

    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException leftBehind) {
            System.getLogger(ListenSocket.class.getName())
                    .log(
                            System.Logger.Level.WARNING,
                            "cannot remove the socket file path=" + file,
                            leftBehind);
        }
    }
}
