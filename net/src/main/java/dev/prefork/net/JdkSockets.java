package dev.prefork.net;

import dev.prefork.posix.Descriptors;
import dev.prefork.posix.Fd;
import dev.prefork.posix.Sockets;

import sun.nio.ch.SelChImpl;

import java.io.Closeable;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.Optional;

/**
 * The JDK's sockets as descriptors, and descriptors as the JDK's channels: what a handle is on
 * either side of its way to another process. Safe for any thread.
 */
public final class JdkSockets {
    private JdkSockets() {}

    /** What a socket is for. */
    public enum Kind {
        CONNECTION,
        LISTENER,
        DATAGRAM;

        /** Of a JDK socket or channel; empty for anything else. */
        public static Optional<Kind> of(Object socket) {
            return Optional.ofNullable(
                    switch (socket) {
                        case SocketChannel _, Socket _ -> CONNECTION;
                        case ServerSocketChannel _, ServerSocket _ -> LISTENER;
                        case DatagramChannel _, DatagramSocket _ -> DATAGRAM;
                        default -> null;
                    });
        }
    }

    /**
     * A second descriptor of a socket.
     *
     * @param socket one of {@link Kind}
     * @return empty when the socket is closed
     * @throws IllegalArgumentException when the socket has no descriptor of its own: it is not
     *     bound, is shared by round robin, or is a layer such as TLS above another
     */
    public static Optional<Fd> copy(Object socket) throws IOException {
        if (!isOpen(socket)) {
            return Optional.empty();
        }
        return Optional.of(Descriptors.copy(descriptor(socket)));
    }

    /**
     * Takes a connection away from its JDK object, which is closed, without a word to the other end
     * of the connection: closing alone would send it the end of the stream.
     */
    public static void detach(Object connection) throws IOException {
        if (connection instanceof SelectableChannel channel && channel.isRegistered()) {
            throw new IllegalArgumentException(
                    "cancel its selection keys and select once more before you send " + channel);
        }
        try (Fd nobody = Sockets.open(StandardProtocolFamily.INET, Sockets.Type.STREAM)) {
            Descriptors.replace(descriptor(connection), nobody.number());
        }
        ((Closeable) connection).close();
    }

    /**
     * A genuine channel of the JDK: SocketChannel, ServerSocketChannel or DatagramChannel, by what
     * the socket itself is.
     *
     * @param socket the channel's from now on, closed on an exception
     * @param onClose runs once when the channel is closed, if it is a SocketChannel, on the thread
     *     that closes it; must neither block nor throw
     */
    public static SelectableChannel open(Fd socket, Runnable onClose) throws IOException {
        // Closes what no channel has taken.
        try (socket) {
            StandardProtocolFamily family = Sockets.family(socket.number());
            if (Sockets.type(socket.number()) == Sockets.Type.DATAGRAM) {
                return AdoptedSockets.datagram(family, socket);
            }
            SelectorProvider provider = SelectorProvider.provider();
            if (Sockets.option(socket.number(), Sockets.Option.LISTENING) != 0) {
                return AdoptedSockets.listener(provider, family, socket);
            }
            SocketAddress remote = Sockets.remoteAddress(socket.number());
            return JdkChannels.adopt(
                    provider, family, socket, remote, OpenConnection.unwatched(onClose));
        }
    }

    private static boolean isOpen(Object socket) {
        return switch (socket) {
            case Channel channel -> channel.isOpen();
            case Socket plain -> !plain.isClosed();
            case ServerSocket server -> !server.isClosed();
            case DatagramSocket datagrams -> !datagrams.isClosed();
            default -> throw new IllegalArgumentException("not a socket: " + socket);
        };
    }

    private static int descriptor(Object socket) throws IOException {
        Object channel =
                switch (socket) {
                    case Socket plain -> plain.getChannel();
                    case ServerSocket server -> server.getChannel();
                    case DatagramSocket datagrams -> datagrams.getChannel();
                    default -> socket;
                };
        return switch (channel == null ? socket : channel) {
            case ClusterServerSocketChannel shared -> shared.listenerDescriptor();
            case SelChImpl genuine -> genuine.getFDVal();
            case Socket plain -> DescriptorOf.socket(plain);
            case ServerSocket server -> DescriptorOf.serverSocket(server);
            case DatagramSocket datagrams -> DescriptorOf.datagramSocket(datagrams);
            default ->
                    throw new IllegalArgumentException("a socket without a descriptor: " + socket);
        };
    }
}
