package dev.prefork.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.spi.SelectorProvider;

/**
 * The providers of channels of a worker that was started as its program is, so that no system
 * property names ours: a launcher may have our classes in a class loader of its own, where the JDK
 * does not look for them (decision 0034).
 */
public final class ChannelProviders {
    private ChannelProviders() {}

    /** Ours from now on, if they are not yet; channels that were opened before stay as they are. */
    public static void install() {
        if (SelectorProvider.provider() instanceof ClusterSelectorProvider) {
            return;
        }
        try {
            JdkChannels.provide(
                    new ClusterSelectorProvider(), new ClusterAsynchronousChannelProvider());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
