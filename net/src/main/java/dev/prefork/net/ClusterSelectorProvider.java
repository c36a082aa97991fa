package dev.prefork.net;

import sun.nio.ch.DefaultSelectorProvider;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The JDK's default provider, with server socket channels that are bound through the cluster. A
 * worker is started with {@code
 * -Djava.nio.channels.spi.SelectorProvider=dev.prefork.net.ClusterSelectorProvider}.
 *
 * <p>Selectors, clients and pipes are the JDK's own and name the default provider as theirs; no
 * selector looks at a channel's provider (sun.nio.ch.SelectorImpl asks only for a SelChImpl).
 * Server channels and what they accept name this one. Safe for any thread.
 */
public final class ClusterSelectorProvider extends SelectorProvider {
    private final SelectorProvider jdk = DefaultSelectorProvider.get();
    private final Supplier<Optional<ListenBroker>> broker;
    private final OpenServers servers;

    /** Made by the JDK, by the name in the system property. */
    public ClusterSelectorProvider() {
        this(ListenBrokers::current, OpenServers.ofThisProcess());
    }

    ClusterSelectorProvider(Supplier<Optional<ListenBroker>> broker, OpenServers servers) {
        this.broker = broker;
        this.servers = servers;
    }

    @Override
    public ServerSocketChannel openServerSocketChannel() throws IOException {
        return open(jdk.openServerSocketChannel());
    }

    @Override
    public ServerSocketChannel openServerSocketChannel(ProtocolFamily family) throws IOException {
        return open(jdk.openServerSocketChannel(family));
    }

    private ServerSocketChannel open(ServerSocketChannel own) throws IOException {
        ServerSocketChannel channel = null;
        try {
            channel = ClusterServerSocketChannel.open(this, own);
        } finally {
            if (channel == null) {
                own.close();
            }
        }
        return channel;
    }

    /** Empty when binds are the JDK's own. */
    Optional<ListenBroker> broker() {
        return broker.get();
    }

    OpenServers servers() {
        return servers;
    }

    @Override
    public DatagramChannel openDatagramChannel() throws IOException {
        return jdk.openDatagramChannel();
    }

    @Override
    public DatagramChannel openDatagramChannel(ProtocolFamily family) throws IOException {
        return jdk.openDatagramChannel(family);
    }

    @Override
    public Pipe openPipe() throws IOException {
        return jdk.openPipe();
    }

    @Override
    public AbstractSelector openSelector() throws IOException {
        return jdk.openSelector();
    }

    @Override
    public SocketChannel openSocketChannel() throws IOException {
        return jdk.openSocketChannel();
    }

    @Override
    public SocketChannel openSocketChannel(ProtocolFamily family) throws IOException {
        return jdk.openSocketChannel(family);
    }

    @Override
    public Channel inheritedChannel() throws IOException {
        return jdk.inheritedChannel();
    }
}
