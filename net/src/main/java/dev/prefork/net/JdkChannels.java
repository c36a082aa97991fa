package dev.prefork.net;

import dev.prefork.posix.Fd;

import sun.nio.ch.IOUtil;

import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.SocketImpl;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.nio.channels.spi.SelectorProvider;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.ObjIntConsumer;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/**
 * Makes genuine JDK sockets that tell us what happens to them.
 *
 * <p>The JDK has the constructor we need, but in a package-private class. A subclass of it is a
 * {@link Hook}; it adds only the notice of the close. A subclass and not a wrapper, because JDK
 * selectors take nothing but their own channels, and because nothing may be in the path of the
 * bytes.
 */
final class JdkChannels {
    private static final Hook CONNECTION =
            Hook.of(
                    "ClusterSocketChannelImpl",
                    SocketChannel.class,
                    SelectorProvider.class,
                    ProtocolFamily.class,
                    FileDescriptor.class,
                    SocketAddress.class,
                    Runnable.class,
                    ObjIntConsumer.class,
                    ObjIntConsumer.class,
                    ToIntFunction.class,
                    IntConsumer.class);
    private static final Hook ASYNCHRONOUS_CONNECTION =
            Hook.of(
                    "ClusterAsynchronousSocketChannelImpl",
                    AsynchronousSocketChannel.class,
                    AsynchronousChannelGroup.class,
                    FileDescriptor.class,
                    SocketAddress.class,
                    Runnable.class);
    private static final Hook ASYNCHRONOUS_SERVER =
            Hook.of(
                    "ClusterAsynchronousServerSocketChannelImpl",
                    AsynchronousServerSocketChannel.class,
                    AsynchronousSocketChannel.class,
                    ServerSocketChannel.class,
                    int.class,
                    BiFunction.class,
                    Function.class,
                    Runnable.class,
                    Runnable.class);
    private static final Hook SERVER_SOCKET =
            Hook.of("ClusterServerSocketImpl", SocketImpl.class, Function.class, BiFunction.class)
                    .with("ClusterAcceptedSocket");
    private static final Hook DATAGRAM =
            Hook.of(
                    "ClusterDatagramChannelImpl",
                    DatagramChannel.class,
                    SelectorProvider.class,
                    ProtocolFamily.class,
                    boolean.class,
                    Function.class,
                    Runnable.class);
    private static final Hook DEFAULT_PROVIDER =
            Hook.of("ClusterDefaultSelectorProvider", Runnable.class, Supplier.class);
    private static final Hook PROVIDERS =
            Hook.of(
                    "ClusterProviders",
                    Runnable.class,
                    SelectorProvider.class,
                    AsynchronousChannelProvider.class);

    private JdkChannels() {}

    // ---- connections ----

    /**
     * Makes a channel of a connected stream socket.
     *
     * @param connection in blocking mode; belongs to the channel from now on, closed on an
     *     exception
     * @param watch told of the channel, if there is one, of what passes if it wants that, and of
     *     the close, once, on the thread that closes it
     */
    static SocketChannel adopt(
            SelectorProvider provider,
            StandardProtocolFamily family,
            Fd connection,
            SocketAddress remote,
            OpenConnection watch)
            throws IOException {
        boolean passing = watch.isWatched();
        Runnable closed = watch::closed;
        ObjIntConsumer<ByteBuffer> received = passing ? watch::received : null;
        ObjIntConsumer<ByteBuffer> sent = passing ? watch::sent : null;
        ToIntFunction<ByteBuffer> lastAnswer = passing ? watch::lastAnswer : null;
        IntConsumer lastAnswerTold = passing ? watch::lastAnswerTold : null;
        SocketChannel channel =
                owning(
                        connection,
                        descriptor ->
                                (SocketChannel)
                                        CONNECTION
                                                .constructor()
                                                .invokeExact(
                                                        provider,
                                                        (ProtocolFamily) family,
                                                        descriptor,
                                                        remote,
                                                        closed,
                                                        received,
                                                        sent,
                                                        lastAnswer,
                                                        lastAnswerTold));
        watch.opened(lender(channel));
        return channel;
    }

    /**
     * Makes an asynchronous channel of a connected stream socket.
     *
     * @param connection belongs to the channel from now on, closed on an exception
     * @param watch told of the channel, if there is one, and of its close, once
     */
    static AsynchronousSocketChannel adopt(
            AsynchronousChannelGroup group,
            Fd connection,
            SocketAddress remote,
            OpenConnection watch)
            throws IOException {
        Runnable closed = watch::closed;
        AsynchronousSocketChannel channel =
                owning(
                        connection,
                        descriptor ->
                                (AsynchronousSocketChannel)
                                        ASYNCHRONOUS_CONNECTION
                                                .constructor()
                                                .invokeExact(group, descriptor, remote, closed));
        watch.opened(lender(channel));
        return channel;
    }

    @SuppressWarnings("unchecked") // the hook is that
    private static Consumer<IntConsumer> lender(Channel connection) {
        return (Consumer<IntConsumer>) connection;
    }

    // ---- servers ----

    /**
     * Opens an asynchronous server channel that is bound by somebody else.
     *
     * @param member any channel of the group that the server is to join
     * @param own has the options; closed by whoever made it
     * @param readiness a pollable descriptor, which stays open until {@code release}
     * @param binding asked with address and backlog of a bind, answers the local address; throws
     *     IOExceptions as UncheckedIOException, as {@code next} does
     * @param next given the group; the next connection, or null if there is none now; never called
     *     twice at a time or after {@code stop}
     * @param stop runs first when the channel is closed: ends the listening
     * @param release runs last when the channel is closed: nobody polls the descriptor any more
     */
    static AsynchronousServerSocketChannel asynchronousServer(
            AsynchronousSocketChannel member,
            ServerSocketChannel own,
            int readiness,
            BiFunction<SocketAddress, Integer, SocketAddress> binding,
            Function<AsynchronousChannelGroup, AsynchronousSocketChannel> next,
            Runnable stop,
            Runnable release)
            throws IOException {
        return call(
                () ->
                        (AsynchronousServerSocketChannel)
                                ASYNCHRONOUS_SERVER
                                        .constructor()
                                        .invokeExact(
                                                member, own, readiness, binding, next, stop,
                                                release));
    }

    /**
     * Makes the inside of a ServerSocket whose bind asks first.
     *
     * @param sharing given whether SO_REUSEPORT is set; what it answers is asked with the address
     *     and the backlog of a bind, and answers null if the bind is the JDK's own, else a bound
     *     channel
     * @param accepting given that channel and a timeout in milliseconds, 0 for none, returns a
     *     connection made by {@link #adopt}; both throw IOExceptions as UncheckedIOException
     */
    static SocketImpl serverSocket(
            Function<Boolean, BiFunction<InetSocketAddress, Integer, ServerSocketChannel>> sharing,
            BiFunction<ServerSocketChannel, Integer, SocketChannel> accepting)
            throws IOException {
        return call(() -> (SocketImpl) SERVER_SOCKET.constructor().invokeExact(sharing, accepting));
    }

    // ---- datagrams ----

    /**
     * Opens a datagram channel whose bind asks first.
     *
     * @param interruptible false for the channel of a java.net.DatagramSocket
     * @param sharing asked with the address of a bind, which may be null; answers null if the bind
     *     is the JDK's own, else what puts the shared socket in the place of the descriptor that it
     *     is given, or closes it if that is −1; both throw IOExceptions as UncheckedIOException
     * @param onClose runs once when the channel is closed
     */
    static DatagramChannel datagram(
            SelectorProvider provider,
            ProtocolFamily family,
            boolean interruptible,
            Function<SocketAddress, IntConsumer> sharing,
            Runnable onClose)
            throws IOException {
        return call(
                () ->
                        (DatagramChannel)
                                DATAGRAM.constructor()
                                        .invokeExact(
                                                provider, family, interruptible, sharing, onClose));
    }

    /**
     * Puts another socket in the place of a datagram channel's.
     *
     * @param channel made by {@link #datagram}
     * @param placing given the descriptor, or −1 if the channel is closed
     */
    @SuppressWarnings("unchecked") // the hook is that
    static void replaceSocket(DatagramChannel channel, IntConsumer placing) {
        ((Consumer<IntConsumer>) channel).accept(placing);
    }

    /**
     * Makes each java.net.DatagramSocket to come on such a channel.
     *
     * @param opening opens a channel with {@link #datagram}; throws IOExceptions as
     *     UncheckedIOException
     */
    static void openDatagramSocketsWith(Supplier<DatagramChannel> opening) throws IOException {
        Runnable provider =
                call(() -> (Runnable) DEFAULT_PROVIDER.constructor().invokeExact(opening));
        provider.run();
    }

    // ---- providers ----

    /** Makes each channel to come one of these providers'. */
    static void provide(SelectorProvider channels, AsynchronousChannelProvider asynchronous)
            throws IOException {
        Runnable providers =
                call(() -> (Runnable) PROVIDERS.constructor().invokeExact(channels, asynchronous));
        providers.run();
    }

    // ---- how they are made ----

    /** A call into the JDK, which declares IOExceptions at most. */
    @FunctionalInterface
    interface Call<T> {
        T run() throws Throwable;
    }

    static <T> T call(Call<T> call) throws IOException {
        try {
            return call.run();
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("the JDK declares nothing else", e);
        }
    }

    /** A constructor that takes a socket over. */
    @FunctionalInterface
    interface Construction<C extends Channel> {
        C of(FileDescriptor descriptor) throws Throwable;
    }

    /** What is constructed closes the socket from now on; if nothing is, it is closed here. */
    static <C extends Channel> C owning(Fd socket, Construction<C> construction)
            throws IOException {
        try (socket) {
            FileDescriptor descriptor = IOUtil.newFD(socket.number());
            C channel = call(() -> construction.of(descriptor));
            var _ = socket.release();
            return channel;
        }
    }
}
