package dev.prefork.net;

import dev.prefork.posix.Fd;

import sun.nio.ch.IOUtil;
import sun.nio.ch.SelChImpl;

import java.io.FileDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;

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
    private static final String HOOK = "sun.nio.ch.ClusterSocketChannelImpl";
    private static final String RESOURCE =
            "/META-INF/prefork/jdk/sun/nio/ch/ClusterSocketChannelImpl.class";

    private static final MethodHandle CONSTRUCTOR = constructor();

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
                            CONSTRUCTOR.invokeExact(
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

    private static MethodHandle constructor() {
        MethodType parameters =
                MethodType.methodType(
                        void.class,
                        SelectorProvider.class,
                        ProtocolFamily.class,
                        FileDescriptor.class,
                        SocketAddress.class,
                        Runnable.class);
        try {
            MethodHandles.Lookup jdk =
                    MethodHandles.privateLookupIn(SelChImpl.class, MethodHandles.lookup());
            MethodHandle constructor = jdk.findConstructor(hook(jdk), parameters);
            return constructor.asType(parameters.changeReturnType(SocketChannel.class));
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(
                    "this JVM needs --add-opens java.base/sun.nio.ch=ALL-UNNAMED", e);
        } catch (NoSuchMethodException | IOException e) {
            throw new IllegalStateException("can't make socket channels of this JDK", e);
        }
    }

    private static Class<?> hook(MethodHandles.Lookup jdk)
            throws IOException, IllegalAccessException {
        try (InputStream bytes = JdkChannels.class.getResourceAsStream(RESOURCE)) {
            if (bytes == null) {
                throw new IllegalStateException("can't find " + RESOURCE + " beside our classes");
            }
            return jdk.defineClass(bytes.readAllBytes());
        } catch (LinkageError e) {
            // Two class loaders of this JVM have our classes, and the other one was first.
            try {
                return jdk.findClass(HOOK);
            } catch (ClassNotFoundException notThere) {
                e.addSuppressed(notThere);
                throw e;
            }
        }
    }
}
