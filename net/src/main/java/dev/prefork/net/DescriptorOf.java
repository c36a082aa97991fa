package dev.prefork.net;

import sun.nio.ch.IOUtil;
import sun.nio.ch.SelChImpl;

import java.io.FileDescriptor;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketImpl;
import java.util.function.Supplier;

/** The descriptor of a socket of package java.net, which keeps it to itself. */
final class DescriptorOf {
    private DescriptorOf() {}

    /**
     * Of a socket without a channel.
     *
     * @throws IllegalArgumentException if this JVM does not let us see it
     */
    static int socket(Socket socket) throws IOException {
        return read(
                socket,
                () -> {
                    Object inside =
                            Insides.method(Socket.class, "impl", SocketImpl.class).invoke(socket);
                    // The JDK's own is wrapped once more.
                    while (inside.getClass().getName().equals("java.net.SocksSocketImpl")) {
                        Class<?> wrapper = inside.getClass().getSuperclass();
                        inside =
                                Insides.method(wrapper, "delegate", SocketImpl.class)
                                        .invoke(inside);
                    }
                    return ofImpl(inside);
                });
    }

    /** As {@link #socket}; one that is shared has the descriptor of its listener, if any. */
    static int serverSocket(ServerSocket socket) throws IOException {
        return read(
                socket,
                () -> {
                    Object inside =
                            Insides.method(ServerSocket.class, "getImpl", SocketImpl.class)
                                    .invoke(socket);
                    return inside instanceof Supplier<?> hook
                                    && hook.get() instanceof ClusterServerSocketChannel shared
                            ? shared.listenerDescriptor()
                            : ofImpl(inside);
                });
    }

    /** As {@link #socket}. */
    static int datagramSocket(DatagramSocket socket) throws IOException {
        return read(
                socket,
                () -> {
                    DatagramSocket inside =
                            (DatagramSocket)
                                    Insides.method(
                                                    DatagramSocket.class,
                                                    "delegate",
                                                    DatagramSocket.class)
                                            .invoke(socket);
                    return ((SelChImpl) inside.getChannel()).getFDVal();
                });
    }

    private static int ofImpl(Object inside) {
        Object descriptor = Insides.field(SocketImpl.class, "fd", FileDescriptor.class).get(inside);
        return IOUtil.fdVal((FileDescriptor) descriptor);
    }

    private static int read(Object socket, JdkChannels.Call<Integer> call) throws IOException {
        try {
            return JdkChannels.call(call);
        } catch (IllegalStateException notOpen) {
            throw new IllegalArgumentException(
                    "cannot send " + socket + ": " + notOpen.getMessage() + ", or send a channel",
                    notOpen);
        }
    }
}
