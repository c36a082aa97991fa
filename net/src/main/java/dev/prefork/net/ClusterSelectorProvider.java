package dev.prefork.net;

import dev.prefork.posix.Sockets;
import dev.prefork.posix.StandardInputSocket;

import sun.nio.ch.DefaultSelectorProvider;
import sun.nio.ch.SelChImpl;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
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
 * The JDK's default provider, with server socket and datagram channels that are bound through the
 * cluster. A worker is started with {@code
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
    private StandardProtocolFamily family; // guarded by this
    private Channel inherited; // guarded by this

    /** Made by the JDK, by the name in the system property. */
    public ClusterSelectorProvider() {
        this(ListenBrokers::current, OpenServers.ofThisProcess());
    }

    ClusterSelectorProvider(Supplier<Optional<ListenBroker>> broker, OpenServers servers) {
        this.broker = broker;
        this.servers = servers;
    }

    @Override
    public ClusterServerSocketChannel openServerSocketChannel() throws IOException {
        return open(jdk.openServerSocketChannel());
    }

    @Override
    public ServerSocketChannel openServerSocketChannel(ProtocolFamily family) throws IOException {
        return open(jdk.openServerSocketChannel(family));
    }

    /**
     * A server channel that is bound in a way that the JDK's bind cannot say.
     *
     * @param local also a {@link DescriptorAddress}
     * @param backlog less than 1 means the JDK's default
     */
    public ServerSocketChannel listen(
            ProtocolFamily family, SocketAddress local, int backlog, BindMode mode)
            throws IOException {
        ClusterServerSocketChannel channel = open(jdk.openServerSocketChannel(family));
        boolean bound = false;
        try {
            var _ = channel.bind(local, backlog, mode);
            bound = true;
        } finally {
            if (!bound) {
                channel.close();
            }
        }
        return channel;
    }

    private ClusterServerSocketChannel open(ServerSocketChannel own) throws IOException {
        ClusterServerSocketChannel channel = null;
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
        return openDatagramChannel(defaultFamily());
    }

    /** INET6 where there is IPv6. The JDK doesn't say, but its sockets do. */
    private synchronized StandardProtocolFamily defaultFamily() throws IOException {
        if (family == null) {
            try (DatagramChannel asked = jdk.openDatagramChannel()) {
                family = Sockets.family(((SelChImpl) asked).getFDVal());
            }
        }
        return family;
    }

    @Override
    public DatagramChannel openDatagramChannel(ProtocolFamily family) throws IOException {
        return DatagramSharing.open(this, family, BindMode.USUAL);
    }

    /** What a new java.net.DatagramSocket is made of. */
    DatagramChannel openDatagramSocketChannel() throws IOException {
        return DatagramSharing.openForSocket(this, defaultFamily());
    }

    /**
     * A datagram channel that is bound in a way that the JDK's bind cannot say.
     *
     * @param local also a {@link DescriptorAddress}
     */
    public DatagramChannel bind(
            ProtocolFamily family, SocketAddress local, boolean reuseAddress, BindMode mode)
            throws IOException {
        return DatagramSharing.bound(this, family, local, reuseAddress, mode);
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

    /** A listening socket is shared: the primary has it under the same number. */
    @Override
    public synchronized Channel inheritedChannel() throws IOException {
        if (inherited == null) {
            boolean shared = broker().isPresent() && StandardInputSocket.listens();
            if (!shared) {
                return jdk.inheritedChannel();
            }
            inherited =
                    listen(
                            Sockets.family(StandardInputSocket.DESCRIPTOR),
                            new DescriptorAddress(StandardInputSocket.DESCRIPTOR),
                            0,
                            BindMode.USUAL);
        }
        return inherited;
    }
}
