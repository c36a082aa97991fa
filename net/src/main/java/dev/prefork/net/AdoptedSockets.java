package dev.prefork.net;

import dev.prefork.posix.Descriptors;
import dev.prefork.posix.Fd;

import sun.nio.ch.DefaultSelectorProvider;
import sun.nio.ch.Net;
import sun.nio.ch.SelChImpl;

import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.spi.SelectorProvider;

/**
 * The JDK's own channels of sockets that another process bound. Connections are {@link
 * JdkChannels#adopt}'s.
 */
final class AdoptedSockets {
    private AdoptedSockets() {}

    /**
     * Makes a ServerSocketChannel of a listening socket.
     *
     * @param listener the channel's from now on, closed on an exception
     */
    static ServerSocketChannel listener(
            SelectorProvider provider, StandardProtocolFamily family, Fd listener)
            throws IOException {
        return JdkChannels.owning(
                listener,
                descriptor -> {
                    MethodHandle constructor =
                            Insides.constructor(
                                    Insides.socketClass("ServerSocketChannelImpl"),
                                    SelectorProvider.class,
                                    ProtocolFamily.class,
                                    FileDescriptor.class,
                                    boolean.class);
                    return (ServerSocketChannel)
                            constructor.invoke(provider, family, descriptor, true);
                });
    }

    /**
     * Makes a DatagramChannel of a bound datagram socket.
     *
     * @param socket the channel's from now on, closed on an exception
     */
    static DatagramChannel datagram(StandardProtocolFamily family, Fd socket) throws IOException {
        try (socket) {
            // The constructor that takes a descriptor believes every socket to be INET6.
            DatagramChannel channel = DefaultSelectorProvider.get().openDatagramChannel(family);
            boolean complete = false;
            try {
                place(socket, channel);
                complete = true;
            } finally {
                if (!complete) {
                    channel.close();
                }
            }
            return channel;
        }
    }

    private static void place(Fd socket, DatagramChannel channel) throws IOException {
        SelChImpl inside = (SelChImpl) channel;
        Descriptors.replace(inside.getFDVal(), socket.number());
        Insides.field(channel.getClass(), "localAddress", InetSocketAddress.class)
                .set(channel, Net.localAddress(inside.getFD()));
    }
}
