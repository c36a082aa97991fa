package dev.prefork.listen;

import dev.prefork.AddressType;
import dev.prefork.log.LazyLogger;
import dev.prefork.loop.EventLoop;
import dev.prefork.posix.Descriptors;
import dev.prefork.posix.Errno;
import dev.prefork.posix.Fd;
import dev.prefork.posix.NoNewConnections;
import dev.prefork.posix.PosixException;
import dev.prefork.posix.Sockets;
import dev.prefork.posix.UnixName;
import dev.prefork.wire.ListenAddress;
import dev.prefork.wire.QueryServer.Wishes;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.util.Optional;

/**
 * A socket that the primary listens on, or has bound for datagrams; owned by the listen handle it
 * belongs to.
 */
final class ListenSocket implements AutoCloseable {
    private static final LazyLogger LOG = new LazyLogger(ListenSocket.class);

    private static final int SHUT_RD = 0;

    /** Node's default for server.listen(). */
    private static final int DEFAULT_BACKLOG = 511;

    private final Fd fd;
    private final Optional<SocketFile> file;
    private final Optional<InetSocketAddress> sockname;

    /** Whether nobody outside of this cluster has it, now or later. */
    private final boolean isOurs;

    private Optional<KeptFile> kept = Optional.empty();
    private boolean fileIsRemoved;
    private boolean isShutDown;

    private ListenSocket(Fd fd, Optional<SocketFile> file, boolean isOurs) throws PosixException {
        this.fd = fd;
        this.file = file;
        this.isOurs = isOurs;
        boolean isPath = Sockets.family(fd.number()) == StandardProtocolFamily.UNIX;
        this.sockname =
                isPath
                        ? Optional.empty()
                        : Optional.of((InetSocketAddress) Sockets.localAddress(fd.number()));
    }

    /** What is done to a new socket; it is closed if that fails. */
    private interface Opening {
        ListenSocket open() throws PosixException;
    }

    /**
     * Binds, and listens unless it is for datagrams.
     *
     * @throws PosixException such as EADDRINUSE, EACCES or EINVAL
     */
    static ListenSocket open(ListenAddress address, Wishes wishes) throws PosixException {
        return open(address, wishes, false);
    }

    /**
     * As {@link #open(ListenAddress, Wishes)}, of the first of several on one port: nobody else has
     * it, and {@link #another} can be opened. Of a port only.
     */
    static ListenSocket openFirst(ListenAddress address, Wishes wishes) throws PosixException {
        return open(address, wishes, true);
    }

    private static ListenSocket open(ListenAddress address, Wishes wishes, boolean first)
            throws PosixException {
        if (address.isDescriptor()) {
            return ofDescriptor(address, wishes);
        } else if (address.type() == AddressType.UNIX && address.address().isPresent()) {
            return unix(address.address().get(), wishes);
        }
        // A worker of v12 that was given a listening socket says no more than that it is no port:
        // Node's primary then listens on any.
        int port = Math.max(address.port().orElse(0), 0);
        Optional<InetAddress> host = literal(address);
        if (host.isPresent()) {
            boolean six = host.get() instanceof Inet6Address || address.type() == AddressType.UDP6;
            if (address.isUdp() && isIpv6(address) != (address.type() == AddressType.UDP6)) {
                throw new PosixException("bind", address.toString(), Errno.EINVAL);
            }
            return open(
                    six ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET,
                    new InetSocketAddress(host.get(), port),
                    address,
                    wishes,
                    first);
        }
        if (address.type() == AddressType.UDP4) {
            return open(StandardProtocolFamily.INET, all("0.0.0.0", port), address, wishes, first);
        }
        try {
            return open(StandardProtocolFamily.INET6, all("::", port), address, wishes, first);
        } catch (PosixException e) {
            if (e.errno() != Errno.EAFNOSUPPORT && e.errno() != Errno.EADDRNOTAVAIL) {
                throw e;
            }
            // A machine without IPv6. Node falls back in the same way.
            return open(StandardProtocolFamily.INET, all("0.0.0.0", port), address, wishes, first);
        }
    }

    private static Optional<InetAddress> literal(ListenAddress address) throws PosixException {
        String host = address.address().map(SaidPath::upToNul).orElse("");
        if (host.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(host));
        } catch (IllegalArgumentException notLiteral) {
            // The worker resolves names, as Node's does.
            throw new PosixException("bind", host, Errno.EINVAL);
        }
    }

    /** As it is written: to the JDK ::ffff:127.0.0.1 is an address of IPv4. */
    private static boolean isIpv6(ListenAddress address) {
        return address.address().orElse("").contains(":");
    }

    private static InetSocketAddress all(String host, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(host), port);
    }

    private static ListenSocket open(
            StandardProtocolFamily family,
            SocketAddress local,
            ListenAddress address,
            Wishes wishes,
            boolean first)
            throws PosixException {
        boolean udp = address.isUdp();
        Fd fd = Sockets.open(family, udp ? Sockets.Type.DATAGRAM : Sockets.Type.STREAM);
        return kept(
                fd,
                () -> {
                    // TCP: a port may be listened on again at once. UDP: two would take from each
                    // other.
                    if (!udp || wishes.reuseAddress()) {
                        Sockets.setOption(fd.number(), Sockets.Option.REUSE_ADDRESS, 1);
                    }
                    if (!udp && wishes.reuseAddress()) {
                        Sockets.setOption(fd.number(), Sockets.Option.REUSE_PORT, 1);
                    }
                    if (family == StandardProtocolFamily.INET6) {
                        int only = wishes.ipv6Only() ? 1 : 0;
                        Sockets.setOption(fd.number(), Sockets.Option.IPV6_ONLY, only);
                    }
                    Sockets.bind(fd.number(), local);
                    if (first) {
                        // Not before: whoever has the port would share it.
                        Sockets.setOption(fd.number(), Sockets.Option.REUSE_PORT, 1);
                    }
                    if (!udp) {
                        Sockets.listen(fd.number(), backlog(wishes));
                    }
                    return new ListenSocket(fd, Optional.empty(), true);
                });
    }

    /** One more on the same port, after {@link #openFirst}; with its own queue. */
    ListenSocket another(Wishes wishes) throws PosixException {
        StandardProtocolFamily family = Sockets.family(fd.number());
        Sockets.Type type = Sockets.type(fd.number());
        boolean listens = type == Sockets.Type.STREAM;
        Fd next = Sockets.open(family, type);
        return kept(
                next,
                () -> {
                    if (listens) {
                        Sockets.setOption(next.number(), Sockets.Option.REUSE_ADDRESS, 1);
                    }
                    Sockets.setOption(next.number(), Sockets.Option.REUSE_PORT, 1);
                    if (family == StandardProtocolFamily.INET6) {
                        Sockets.setOption(
                                next.number(),
                                Sockets.Option.IPV6_ONLY,
                                Sockets.option(fd.number(), Sockets.Option.IPV6_ONLY));
                    }
                    Sockets.bind(next.number(), sockname.orElseThrow());
                    if (listens) {
                        Sockets.listen(next.number(), backlog(wishes));
                    }
                    return new ListenSocket(next, Optional.empty(), true);
                });
    }

    /**
     * A socket that this process has already. Differs from Node, which closes it when the last
     * worker leaves: a copy, so that the number can be listened on again.
     */
    private static ListenSocket ofDescriptor(ListenAddress address, Wishes wishes)
            throws PosixException {
        Fd fd = Descriptors.copy(address.fd());
        return kept(
                fd,
                () -> {
                    boolean datagrams = Sockets.type(fd.number()) == Sockets.Type.DATAGRAM;
                    boolean unix = Sockets.family(fd.number()) == StandardProtocolFamily.UNIX;
                    if (datagrams != address.isUdp() || (datagrams && unix)) {
                        throw new PosixException("listen", address.toString(), Errno.EINVAL);
                    }
                    if (!datagrams) {
                        Sockets.listen(fd.number(), backlog(wishes));
                    }
                    // Not before: the mode belongs to the socket, which stays the primary's own if
                    // it cannot listen.
                    Descriptors.setNonBlocking(fd.number(), true);
                    return new ListenSocket(fd, Optional.empty(), false);
                });
    }

    private static ListenSocket unix(String path, Wishes wishes) throws PosixException {
        UnixName name = UnixName.of(SaidPath.shortest(SaidPath.untilNul(path)));
        Fd fd = Sockets.open(StandardProtocolFamily.UNIX, Sockets.Type.STREAM);
        return kept(
                fd,
                () -> {
                    SocketFile file = SocketFile.bind(fd.number(), name);
                    try {
                        file.permit(wishes);
                        Sockets.listen(fd.number(), backlog(wishes));
                        return new ListenSocket(fd, Optional.of(file), true);
                    } catch (PosixException e) {
                        file.remove();
                        throw e;
                    }
                });
    }

    private static int backlog(Wishes wishes) {
        return wishes.backlog() > 0 ? wishes.backlog() : DEFAULT_BACKLOG;
    }

    private static ListenSocket kept(Fd fd, Opening opening) throws PosixException {
        try {
            return opening.open();
        } catch (PosixException | RuntimeException e) {
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

    /** Where it is bound, unless it is a Unix socket. */
    Optional<InetSocketAddress> sockname() {
        return sockname;
    }

    /** From now on a path comes back when somebody removes it. */
    void keepFile(EventLoop loop) {
        kept = file.flatMap(made -> KeptFile.open(loop, made.name()));
    }

    /**
     * From now on nobody can connect; who has connected before waits to be accepted.
     *
     * @param here whether this process alone accepts. Servers of others, such as Node's, break when
     *     a socket ends
     * @return false when people can connect all the same: what waits in it at the end waits for
     *     somebody else, or is lost
     */
    boolean takeNoMore(boolean here) {
        try {
            if (!isOurs || Sockets.type(fd.number()) == Sockets.Type.DATAGRAM) {
                return false;
            }
            if (sockname.isPresent()) {
                NoNewConnections.attach(fd.number());
                return true;
            }
        } catch (PosixException withoutFilters) {
            LOG.get()
                    .log(
                            System.Logger.Level.WARNING,
                            "cannot stop taking connections before the end",
                            withoutFilters);
            return false;
        }
        removeFile();
        if (here) {
            isShutDown = true;
            Sockets.shutDown(fd.number(), SHUT_RD);
        }
        return here || file.filter(made -> !made.name().isAbstract()).isPresent();
    }

    /** As before {@link #takeNoMore}; false when that cannot be. */
    boolean takeAgain() {
        try {
            if (isOurs
                    && sockname.isPresent()
                    && Sockets.type(fd.number()) == Sockets.Type.STREAM) {
                NoNewConnections.detach(fd.number());
            }
            return !isOurs || sockname.isPresent();
        } catch (PosixException notAttached) {
            // ENOENT: it could not be.
            return true;
        }
    }

    /** Whether it is readable for ever, and accepts nobody who was not there before. */
    boolean isShutDown() {
        return isShutDown;
    }

    /** Whether nobody waits in it to be accepted. */
    boolean isQueueEmpty() {
        try {
            return !Sockets.isReadable(fd.number());
        } catch (PosixException unknown) {
            return true;
        }
    }

    /** If it has one, and that is still ours. */
    void removeFile() {
        if (!fileIsRemoved) {
            fileIsRemoved = true;
            kept.ifPresent(KeptFile::close);
            file.ifPresent(SocketFile::remove);
        }
    }

    /** Closes the socket, and removes the file of a Unix socket, as libuv does. */
    @Override
    public void close() {
        fd.close();
        removeFile();
    }
}
