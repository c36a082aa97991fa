package dev.prefork.worker;

import dev.prefork.ListeningAddress;
import dev.prefork.ipc.ProtocolException;
import dev.prefork.net.ConnectionSource;
import dev.prefork.net.HandoffSource;
import dev.prefork.net.ListenerSource;
import dev.prefork.net.QueueSource;
import dev.prefork.net.SharedDatagrams;
import dev.prefork.net.SteeredSource;
import dev.prefork.posix.Descriptors;
import dev.prefork.posix.Errno;
import dev.prefork.posix.Fd;
import dev.prefork.posix.PosixException;
import dev.prefork.posix.Sockets;
import dev.prefork.wire.Grant;
import dev.prefork.wire.ListenAddress;
import dev.prefork.wire.Listening;
import dev.prefork.wire.QueryServer;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** One listen of this worker that the primary granted, and what its server is given for it. */
record GrantedListen(QueryServer query, Grant grant) {
    String key() {
        return grant.key();
    }

    /** Connections that come through the channel, as from a Node primary. */
    QueueSource queue(Runnable onClose) throws IOException {
        return new QueueSource(boundTo(), onClose);
    }

    /** Connections that come on a socket of their own. */
    ConnectionSource handoff(Fd socket, Consumer<Runnable> soon, Runnable onClose)
            throws IOException {
        return new HandoffSource(socket, boundTo(), soon, onClose);
    }

    /** Connections that come to the slot's own listening socket, and on one of their own. */
    ConnectionSource steered(Fd socket, Consumer<Runnable> soon, Runnable onClose)
            throws IOException {
        try {
            return SteeredSource.open(socket, boundTo(), soon, onClose);
        } catch (PosixException e) {
            throw BindFailures.of(e.errno());
        }
    }

    /**
     * A listening socket that this worker shares with others; with a Node primary only bound.
     *
     * @throws java.net.SocketException when it cannot be listened on
     */
    ConnectionSource listener(Fd socket, Runnable onClose) throws IOException {
        try {
            SocketAddress bound = boundTo(socket);
            // libuv keeps the failure of a bind for listen(), which is the worker's to call: a port
            // that is taken shows as another one here.
            if (bound instanceof InetSocketAddress inet
                    && !query.address().accepts(inet.getPort())) {
                throw new PosixException("bind", bound.toString(), Errno.EADDRINUSE);
            }
            Descriptors.setNonBlocking(socket.number(), true);
            Sockets.listen(socket.number(), query.wishes().backlog());
            return ListenerSource.owning(socket, bound, onClose);
        } catch (PosixException e) {
            throw BindFailures.of(e.errno());
        }
    }

    SharedDatagrams datagrams(Optional<Fd> handle, Runnable onClose) throws IOException {
        Fd socket =
                handle.orElseThrow(
                        () -> new ProtocolException("queryServer: no handle for " + key()));
        Descriptors.setNonBlocking(socket.number(), true);
        return new SharedDatagrams(socket, onClose);
    }

    SocketAddress boundTo(Fd socket) throws PosixException {
        return Sockets.localAddress(socket.number());
    }

    private SocketAddress boundTo() throws ProtocolException {
        if (grant.sockname().isPresent()) {
            return grant.sockname().get();
        }
        return unixPath()
                .map(UnixDomainSocketAddress::of)
                .orElseThrow(
                        () -> new ProtocolException("queryServer: the answer has no sockname"));
    }

    /** What the application is told where the socket has no name that could be asked for. */
    private Optional<Path> unixPath() {
        ListenAddress address = query.address();
        return switch (address.type()) {
            case UNIX -> address.address().map(Path::of);
            case DESCRIPTOR -> Optional.of(Path.of(""));
            case TCP4, TCP6, UDP4, UDP6 -> Optional.empty();
        };
    }

    /** What the primary is told. */
    Listening listening(SocketAddress bound) {
        ListenAddress address = query.address();
        int port =
                bound instanceof InetSocketAddress inet
                        ? inet.getPort()
                        : address.port().orElse(-1);
        boolean namesDescriptor = address.isDescriptor() || address.isUdp();
        return new Listening(
                new ListeningAddress(
                        address.address(),
                        port,
                        address.type(),
                        namesDescriptor ? Optional.of(address.fd()) : Optional.empty()));
    }
}
