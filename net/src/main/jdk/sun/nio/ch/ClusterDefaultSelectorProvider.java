package sun.nio.ch;

import jdk.internal.misc.Unsafe;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.nio.channels.DatagramChannel;
import java.util.function.Supplier;

/**
 * The JDK's default provider, with somebody else's channels for java.net.DatagramSocket, which asks
 * no other provider. Lives in the JDK's own package and loader, so that it can see nothing but the
 * JDK; {@code dev.prefork.net.Hook} defines it.
 */
final class ClusterDefaultSelectorProvider extends EPollSelectorProvider implements Runnable {
    private final Supplier<DatagramChannel> opening;

    /**
     * A provider that nobody has yet.
     *
     * @param opening opens a channel that an interrupt does not close, a DatagramChannelImpl;
     *     throws IOExceptions as UncheckedIOException
     */
    ClusterDefaultSelectorProvider(Supplier<DatagramChannel> opening) {
        this.opening = opening;
    }

    @Override
    public DatagramChannel openUninterruptibleDatagramChannel() throws IOException {
        try {
            return opening.get();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /**
     * Becomes the default. The field is final, and compiled code may have its value built in: to be
     * called early. Code that has the old value opens sockets that are not shared.
     */
    @Override
    public void run() {
        try {
            Field instance = DefaultSelectorProvider.class.getDeclaredField("INSTANCE");
            Unsafe unsafe = Unsafe.getUnsafe();
            unsafe.ensureClassInitialized(DefaultSelectorProvider.class);
            unsafe.putReferenceVolatile(
                    unsafe.staticFieldBase(instance), unsafe.staticFieldOffset(instance), this);
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException("cannot find the default provider of this JDK", e);
        }
    }
}
