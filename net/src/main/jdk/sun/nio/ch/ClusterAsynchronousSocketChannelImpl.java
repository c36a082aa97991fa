package sun.nio.ch;

import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.AsynchronousChannelGroup;

/**
 * An accepted asynchronous connection that tells when it is closed. Lives in the JDK's own package
 * and loader, so that it can see nothing but the JDK; {@code dev.prefork.net.Hook} defines it.
 */
final class ClusterAsynchronousSocketChannelImpl extends UnixAsynchronousSocketChannelImpl {
    private final Runnable onClose;

    ClusterAsynchronousSocketChannelImpl(
            AsynchronousChannelGroup group,
            FileDescriptor connected,
            SocketAddress remote,
            Runnable onClose)
            throws IOException {
        // First, as the JDK's constructor puts the channel into the group, which may close it.
        this.onClose = onClose;
        super((Port) group, connected, (InetSocketAddress) remote);
    }

    // Called once by the JDK, whoever closes and however often.
    @Override
    void implClose() throws IOException {
        try {
            super.implClose();
        } finally {
            onClose.run();
        }
    }
}
