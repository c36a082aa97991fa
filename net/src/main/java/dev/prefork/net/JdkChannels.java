package dev.prefork.net;

import dev.prefork.posix.Descriptors;
import dev.prefork.posix.Fd;

import sun.nio.ch.DefaultSelectorProvider;
import sun.nio.ch.IOUtil;
import sun.nio.ch.Net;
import sun.nio.ch.SelChImpl;

import java.io.FileDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketImpl;
import java.net.StandardProtocolFamily;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * Makes genuine JDK socket channels of descriptors: the one file with reflection.
 *
 * <p>The JDK has the constructor we need, but in a package-private class. A subclass of it,
 * compiled as part of sun.nio.ch and carried in our jar as a resource, is defined there at the
 * first use; it adds only the notice of the close. A subclass and not a wrapper, because JDK
 * selectors take nothing but their own channels, and because nothing may be in the path of the
 * bytes.
 */
final class JdkChannels {
    private static final String HOOK = "ClusterSocketChannelImpl";
    private static final String DATAGRAM_HOOK = "ClusterDatagramChannelImpl";
    private static final String SERVER_SOCKET_HOOK = "ClusterServerSocketImpl";
    private static final String DEFAULT_PROVIDER_HOOK = "ClusterDefaultSelectorProvider";
    private static final String RESOURCES = "/META-INF/prefork/jdk/sun/nio/ch/";

    /** Looked up when the first connection is accepted. */
    private static final class Connections {
        static final MethodHandle CONSTRUCTOR =
                constructor(
                        HOOK,
                        SocketChannel.class,
                        SelectorProvider.class,
                        ProtocolFamily.class,
                        FileDescriptor.class,
                        SocketAddress.class,
                        Runnable.class);
    }

    /** Looked up when the first datagram channel is opened. */
    private static final class Datagrams {
        static final MethodHandle CONSTRUCTOR =
                constructor(
                        DATAGRAM_HOOK,
                        DatagramChannel.class,
                        SelectorProvider.class,
                        ProtocolFamily.class,
                        boolean.class,
                        Function.class,
                        Runnable.class);
    }

    /** Looked up when the first ServerSocket is opened. */
    private static final class ServerSockets {
        static final MethodHandle CONSTRUCTOR =
                constructor(
                        SERVER_SOCKET_HOOK, SocketImpl.class, BiFunction.class, BiFunction.class);
    }

    /** Looked up when the first asynchronous server is opened. */
    private static final class Asynchronous {
        static final MethodHandle CONNECTION =
                constructor(
                        "ClusterAsynchronousSocketChannelImpl",
                        AsynchronousSocketChannel.class,
                        AsynchronousChannelGroup.class,
                        FileDescriptor.class,
                        SocketAddress.class,
                        Runnable.class);
        static final MethodHandle SERVER =
                constructor(
                        "ClusterAsynchronousServerSocketChannelImpl",
                        AsynchronousServerSocketChannel.class,
                        AsynchronousSocketChannel.class,
                        ServerSocketChannel.class,
                        int.class,
                        BiFunction.class,
                        Function.class,
                        Runnable.class,
                        Runnable.class);
    }

    private JdkChannels() {}

    /**
     * Makes a channel of a connected stream socket.
     *
     * @param connection in blocking mode; belongs to the channel from now on, closed on an
     *     exception
     * @param onClose runs once when the channel is closed, on the thread that closes it; must
     *     neither block nor throw
     */
    static SocketChannel adopt(
            SelectorProvider provider,
            StandardProtocolFamily family,
            Fd connection,
            SocketAddress remote,
            Runnable onClose)
            throws IOException {
        FileDescriptor descriptor = IOUtil.newFD(connection.number());
        SocketChannel channel = null;
        try {
            channel =
                    (SocketChannel)
                            Connections.CONSTRUCTOR.invokeExact(
                                    provider, (ProtocolFamily) family, descriptor, remote, onClose);
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("the constructor declares nothing else", e);
        } finally {
            if (channel == null) {
                connection.close();
            }
        }
        var _ = connection.release();
        return channel;
    }

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
        try {
            return (DatagramChannel)
                    Datagrams.CONSTRUCTOR.invokeExact(
                            provider, family, interruptible, sharing, onClose);
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("the constructor declares nothing else", e);
        }
    }

    /**
     * Makes the inside of a ServerSocket whose bind asks first.
     *
     * @param sharing asked with the address and the backlog of a bind; answers null if the bind is
     *     the JDK's own, else a bound channel
     * @param accepting given that channel and a timeout in milliseconds, 0 for none, returns a
     *     connection made by {@link #adopt}; both throw IOExceptions as UncheckedIOException
     */
    static SocketImpl serverSocket(
            BiFunction<InetSocketAddress, Integer, ServerSocketChannel> sharing,
            BiFunction<ServerSocketChannel, Integer, SocketChannel> accepting) {
        try {
            return (SocketImpl) ServerSockets.CONSTRUCTOR.invokeExact(sharing, accepting);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("the constructor declares nothing else", e);
        }
    }

    /**
     * Makes each java.net.DatagramSocket to come on such a channel.
     *
     * @param opening opens a channel with {@link #datagram(SelectorProvider, ProtocolFamily,
     *     boolean, Function, Runnable)}; throws IOExceptions as UncheckedIOException
     */
    static void openDatagramSocketsWith(Supplier<DatagramChannel> opening) {
        MethodHandle constructor =
                constructor(DEFAULT_PROVIDER_HOOK, Runnable.class, Supplier.class);
        Runnable provider;
        try {
            provider = (Runnable) constructor.invokeExact(opening);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("the constructor declares nothing else", e);
        }
        provider.run();
    }

    /**
     * Puts another socket in the place of a datagram channel's.
     *
     * @param channel made by {@link #datagram(SelectorProvider, ProtocolFamily, boolean, Function,
     *     Runnable)}
     * @param placing given the descriptor, or −1 if the channel is closed
     */
    @SuppressWarnings("unchecked") // the hook is that
    static void replaceSocket(DatagramChannel channel, IntConsumer placing) {
        ((Consumer<IntConsumer>) channel).accept(placing);
    }

    /**
     * Makes an asynchronous channel of a connected stream socket.
     *
     * @param connection belongs to the channel from now on, closed on an exception
     * @param onClose runs once when the channel is closed, not on an exception; must neither block
     *     nor throw
     */
    static AsynchronousSocketChannel adopt(
            AsynchronousChannelGroup group, Fd connection, SocketAddress remote, Runnable onClose)
            throws IOException {
        FileDescriptor descriptor = IOUtil.newFD(connection.number());
        AsynchronousSocketChannel channel = null;
        try {
            channel =
                    (AsynchronousSocketChannel)
                            Asynchronous.CONNECTION.invokeExact(group, descriptor, remote, onClose);
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("the constructor declares nothing else", e);
        } finally {
            if (channel == null) {
                connection.close();
            }
        }
        var _ = connection.release();
        return channel;
    }

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
        try {
            return (AsynchronousServerSocketChannel)
                    Asynchronous.SERVER.invokeExact(
                            member, own, readiness, binding, next, stop, release);
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("the constructor declares nothing else", e);
        }
    }

    /**
     * Makes a ServerSocketChannel of a listening socket.
     *
     * @param listener belongs to the channel from now on
     */
    static ServerSocketChannel listener(
            SelectorProvider provider, StandardProtocolFamily family, Fd listener)
            throws IOException {
        FileDescriptor descriptor = IOUtil.newFD(listener.number());
        try {
            Constructor<?> constructor =
                    declared(
                            "sun.nio.ch.ServerSocketChannelImpl",
                            SelectorProvider.class,
                            ProtocolFamily.class,
                            FileDescriptor.class,
                            boolean.class);
            Object channel = constructor.newInstance(provider, family, descriptor, true);
            var _ = listener.release();
            return (ServerSocketChannel) channel;
        } catch (ReflectiveOperationException e) {
            throw unlikeThisJdk(e);
        }
    }

    /**
     * Makes a DatagramChannel of a bound datagram socket.
     *
     * @param socket belongs to the channel from now on
     */
    static DatagramChannel datagram(StandardProtocolFamily family, Fd socket) throws IOException {
        // The constructor that takes a descriptor believes every socket to be INET6.
        DatagramChannel channel = DefaultSelectorProvider.get().openDatagramChannel(family);
        boolean complete = false;
        try (socket) {
            SelChImpl inside = (SelChImpl) channel;
            Descriptors.replace(inside.getFDVal(), socket.number());
            Field localAddress =
                    Class.forName("sun.nio.ch.DatagramChannelImpl")
                            .getDeclaredField("localAddress");
            localAddress.setAccessible(true);
            localAddress.set(channel, Net.localAddress(inside.getFD()));
            complete = true;
        } catch (InaccessibleObjectException closed) {
            throw notOpen(closed);
        } catch (ReflectiveOperationException e) {
            throw unlikeThisJdk(e);
        } finally {
            if (!complete) {
                channel.close();
            }
        }
        return channel;
    }

    /** The descriptor of a Socket, ServerSocket or DatagramSocket that has no channel. */
    static int descriptor(Object socket) {
        try {
            Object inner = socket;
            if (socket instanceof DatagramSocket) {
                inner =
                        ((DatagramSocket) call(DatagramSocket.class, "delegate", socket))
                                .getChannel();
                return ((SelChImpl) inner).getFDVal();
            }
            inner = socket instanceof Socket ? call(Socket.class, "impl", socket) : implOf(socket);
            if (inner instanceof Supplier<?> hook
                    && hook.get() instanceof ClusterServerSocketChannel shared) {
                return shared.listenerDescriptor();
            }
            // A Socket of the JDK wraps its implementation once more.
            while (inner.getClass().getName().equals("java.net.SocksSocketImpl")) {
                inner = call(inner.getClass().getSuperclass(), "delegate", inner);
            }
            Field fd = SocketImpl.class.getDeclaredField("fd");
            fd.setAccessible(true);
            return IOUtil.fdVal((FileDescriptor) fd.get(inner));
        } catch (ReflectiveOperationException | InaccessibleObjectException e) {
            throw new IllegalArgumentException(
                    "cannot send "
                            + socket
                            + ": start this JVM with --add-opens java.base/java.net=ALL-UNNAMED, or"
                            + " send a channel",
                    e);
        }
    }

    private static Object implOf(Object serverSocket) throws ReflectiveOperationException {
        return call(ServerSocket.class, "getImpl", serverSocket);
    }

    private static Object call(Class<?> type, String method, Object receiver)
            throws ReflectiveOperationException {
        Method accessor = type.getDeclaredMethod(method);
        accessor.setAccessible(true);
        return accessor.invoke(receiver);
    }

    private static Constructor<?> declared(String type, Class<?>... parameters)
            throws ReflectiveOperationException {
        try {
            Constructor<?> constructor = Class.forName(type).getDeclaredConstructor(parameters);
            constructor.setAccessible(true);
            return constructor;
        } catch (InaccessibleObjectException closed) {
            throw notOpen(closed);
        }
    }

    private static IllegalStateException notOpen(Exception cause) {
        return new IllegalStateException(
                "start this JVM with --add-opens java.base/sun.nio.ch=ALL-UNNAMED", cause);
    }

    private static IllegalStateException unlikeThisJdk(Exception cause) {
        return new IllegalStateException("can't make socket channels of this JDK", cause);
    }

    private static MethodHandle constructor(String hook, Class<?> type, Class<?>... arguments) {
        MethodType parameters = MethodType.methodType(void.class, arguments);
        try {
            MethodHandles.Lookup jdk =
                    MethodHandles.privateLookupIn(SelChImpl.class, MethodHandles.lookup());
            MethodHandle constructor = jdk.findConstructor(hook(jdk, hook), parameters);
            return constructor.asType(parameters.changeReturnType(type));
        } catch (IllegalAccessException e) {
            throw notOpen(e);
        } catch (NoSuchMethodException | IOException e) {
            throw unlikeThisJdk(e);
        }
    }

    private static Class<?> hook(MethodHandles.Lookup jdk, String name)
            throws IOException, IllegalAccessException {
        String resource = RESOURCES + name + ".class";
        try (InputStream bytes = JdkChannels.class.getResourceAsStream(resource)) {
            if (bytes == null) {
                throw new IllegalStateException("can't find " + resource + " beside our classes");
            }
            return jdk.defineClass(bytes.readAllBytes());
        } catch (LinkageError e) {
            // Two class loaders of this JVM have our classes, and the other one was first.
            try {
                return jdk.findClass("sun.nio.ch." + name);
            } catch (ClassNotFoundException notThere) {
                e.addSuppressed(notThere);
                throw e;
            }
        }
    }
}
