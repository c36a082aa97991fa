package sun.nio.ch;

import jdk.internal.misc.Unsafe;

import java.lang.reflect.Field;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.nio.channels.spi.SelectorProvider;

/**
 * Somebody else's providers in the place of the JDK's, which it would find by a name only where the
 * class loader of the system finds them. Lives in the JDK's own package and loader, so that it can
 * see nothing but the JDK; {@code dev.prefork.net.Hook} defines it.
 */
final class ClusterProviders implements Runnable {
    private final SelectorProvider channels;
    private final AsynchronousChannelProvider asynchronous;

    /** Providers that nobody has yet. */
    ClusterProviders(SelectorProvider channels, AsynchronousChannelProvider asynchronous) {
        this.channels = channels;
        this.asynchronous = asynchronous;
    }

    /**
     * Become the default. The fields are final, and compiled code may have their values built in:
     * to be called early. Code that has the old values opens channels that are not shared.
     */
    @Override
    public void run() {
        place("java.nio.channels.spi.SelectorProvider$Holder", "INSTANCE", channels);
        place(
                "java.nio.channels.spi.AsynchronousChannelProvider$ProviderHolder",
                "provider",
                asynchronous);
    }

    private static void place(String holder, String name, Object provider) {
        try {
            Class<?> type = Class.forName(holder);
            Field field = type.getDeclaredField(name);
            Unsafe unsafe = Unsafe.getUnsafe();
            unsafe.putReferenceVolatile(
                    unsafe.staticFieldBase(field), unsafe.staticFieldOffset(field), provider);
        } catch (ClassNotFoundException | NoSuchFieldException e) {
            throw new IllegalStateException("cannot find the providers of this JDK", e);
        }
    }
}
