package sun.nio.ch;

import java.io.FileDescriptor;
import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.nio.channels.spi.SelectorProvider;

/**
 * An accepted connection that tells when it is closed. Lives in the JDK's own package and loader,
 * so that it can see nothing but the JDK; {@code dev.prefork.net.Hook} defines it.
 */
final class ClusterSocketChannelImpl extends SocketChannelImpl {
    private final Runnable onClose;

    ClusterSocketChannelImpl(
            SelectorProvider provider,
            ProtocolFamily family,
            FileDescriptor connected,
            SocketAddress remote,
            Runnable onClose)
            throws IOException {
        super(provider, family, connected, remote);
        this.onClose = onClose;
    }

    // Called once by the JDK, whoever closes and however often.
    @Override
    protected void implCloseSelectableChannel() throws IOException {
        try {
            super.implCloseSelectableChannel();
        } finally {
            onClose.run();
        }
    }
}
