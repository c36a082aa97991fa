package sun.nio.ch;

import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.AsynchronousChannelGroup;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * An accepted asynchronous connection that tells when it is closed. Lives in the JDK's own package
 * and loader, so that it can see nothing but the JDK; {@code dev.prefork.net.Hook} defines it.
 *
 * <p>As a consumer it lends its descriptor, if it is open, and stays open meanwhile.
 */
final class ClusterAsynchronousSocketChannelImpl extends UnixAsynchronousSocketChannelImpl
        implements Consumer<IntConsumer> {
    private final Runnable onClose;
    private final Object closeLock;
    private final int number;
    private boolean closed;

    ClusterAsynchronousSocketChannelImpl(
            AsynchronousChannelGroup group,
            FileDescriptor connected,
            SocketAddress remote,
            Runnable onClose)
            throws IOException {
        // First, as the JDK's constructor puts the channel into the group, which may close it.
        this.onClose = onClose;
        this.closeLock = new Object();
        this.number = IOUtil.fdVal(connected);
        super((Port) group, connected, (InetSocketAddress) remote);
    }

    // Called once by the JDK, whoever closes and however often.
    @Override
    void implClose() throws IOException {
        synchronized (closeLock) {
            closed = true;
        }
        try {
            super.implClose();
        } finally {
            onClose.run();
        }
    }

    @Override
    public void accept(IntConsumer borrower) {
        synchronized (closeLock) {
            if (!closed) {
                borrower.accept(number);
            }
        }
    }
}
