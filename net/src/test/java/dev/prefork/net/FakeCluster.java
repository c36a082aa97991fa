package dev.prefork.net;

import dev.prefork.posix.DescriptorSocket;
import dev.prefork.posix.Fd;
import dev.prefork.posix.Sockets;

import sun.nio.ch.DefaultAsynchronousChannelProvider;
import sun.nio.ch.DefaultSelectorProvider;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.nio.channels.spi.SelectorProvider;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A primary and a broker in this process, which answer binds with one kind of source. */
final class FakeCluster implements ListenBroker, AutoCloseable {
    /** Where a server's connections come from. */
    enum Kind {
        /** The JDK's own channel: what all others are measured by. */
        JDK,
        /** Our channel in a JVM that is no worker. */
        NO_BROKER,
        PRIVATE,
        LISTENER,
        QUEUE,
        HANDOFF,
        STEERED;

        boolean isShared() {
            return this == LISTENER || this == QUEUE || this == HANDOFF || this == STEERED;
        }
    }

    static final InetSocketAddress ANY_PORT =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    final OpenServers servers = new OpenServers();
    final List<ListenRequest> requests = new CopyOnWriteArrayList<>();

    /** How many sources told that they were closed. */
    final AtomicInteger closedSources = new AtomicInteger();

    /** Clients that connected before the broker answered. */
    final List<SocketChannel> earlyClients = new CopyOnWriteArrayList<>();

    /** Connects a client before the broker answers: its connection is there before the bind is. */
    volatile boolean clientComesEarly;

    /** Called before the broker answers. */
    volatile Runnable beforeAnswer = () -> {};

    private ConnectionSource prepared;
    private final Kind kind;
    private final SelectorProvider provider;
    private final List<Fd> listeners = new CopyOnWriteArrayList<>();
    private final List<Pump> pumps = new CopyOnWriteArrayList<>();

    FakeCluster(Kind kind) {
        this.kind = kind;
        this.provider =
                switch (kind) {
                    case JDK -> DefaultSelectorProvider.get();
                    case NO_BROKER -> new ClusterSelectorProvider(Optional::empty, servers);
                    case PRIVATE, LISTENER, QUEUE, HANDOFF, STEERED ->
                            new ClusterSelectorProvider(() -> Optional.of(this), servers);
                };
    }

    SelectorProvider provider() {
        return provider;
    }

    AsynchronousChannelProvider asynchronousProvider() {
        return switch (kind) {
            case JDK -> DefaultAsynchronousChannelProvider.create();
            case NO_BROKER -> new ClusterAsynchronousChannelProvider(Optional::empty, servers);
            case PRIVATE, LISTENER, QUEUE, HANDOFF, STEERED ->
                    new ClusterAsynchronousChannelProvider(() -> Optional.of(this), servers);
        };
    }

    ServerSocketChannel open() throws IOException {
        return provider.openServerSocketChannel();
    }

    ServerSocketChannel open(ProtocolFamily family) throws IOException {
        return provider.openServerSocketChannel(family);
    }

    ServerSocketChannel bound() throws IOException {
        return open().bind(ANY_PORT);
    }

    /** An unbound one, as the JDK makes it in a worker. */
    ServerSocket openServerSocket() throws IOException {
        return provider instanceof ClusterSelectorProvider ours
                ? new ServerSocket(ServerSocketSharing.open(ours)) {}
                : new ServerSocket();
    }

    static SocketChannel connect(ServerSocketChannel server) throws IOException {
        return SocketChannel.open(server.getLocalAddress());
    }

    /** Makes what the next bind is answered with, so that the answer takes no descriptor then. */
    void prepareFor(InetSocketAddress address) throws IOException {
        if (kind.isShared() && prepared == null) {
            prepared = source(new ListenRequest(address, StandardProtocolFamily.INET, 50));
        }
    }

    @Override
    public Optional<ConnectionSource> listen(ListenRequest request) throws IOException {
        requests.add(request);
        beforeAnswer.run();
        if (kind == Kind.PRIVATE) {
            return Optional.empty();
        }
        ConnectionSource answer = prepared == null ? source(request) : prepared;
        prepared = null;
        return Optional.of(answer);
    }

    private ConnectionSource source(ListenRequest request) throws IOException {
        Fd listener = Sockets.open(family(request.address()), Sockets.Type.STREAM);
        Sockets.setOption(listener.number(), Sockets.Option.REUSE_ADDRESS, 1);
        Sockets.bind(listener.number(), request.address());
        Sockets.listen(listener.number(), request.backlog());
        SocketAddress address = Sockets.localAddress(listener.number());
        if (clientComesEarly) {
            earlyClients.add(SocketChannel.open(address));
        }
        return switch (kind) {
            case LISTENER -> {
                // The primary has the listener too, as in real life.
                listeners.add(listener);
                yield ListenerSource.owning(
                        listener.duplicate(), address, closedSources::incrementAndGet);
            }
            case QUEUE -> {
                QueueSource source = new QueueSource(address, closedSources::incrementAndGet);
                pumps.add(Pump.intoQueue(listener, source));
                yield source;
            }
            case HANDOFF -> {
                Fd[] ends = Sockets.pair(Sockets.Type.SEQPACKET);
                Fd workersEnd = ends[1];
                pumps.add(Pump.overSocket(listener, ends[0], workersEnd.duplicate()));
                yield new HandoffSource(
                        workersEnd, address, _ -> {}, closedSources::incrementAndGet);
            }
            case STEERED -> {
                Fd[] ends = Sockets.pair(Sockets.Type.SEQPACKET);
                listeners.add(listener);
                listeners.add(ends[0]);
                try (DescriptorSocket primary =
                        new DescriptorSocket(ends[0].duplicate(), Handoff.BUFFER_BYTES)) {
                    primary.send(new byte[] {Handoff.LISTENER}, 0, 1, listener.number());
                }
                yield SteeredSource.open(ends[1], address, _ -> {}, closedSources::incrementAndGet);
            }
            case JDK, NO_BROKER, PRIVATE -> throw new AssertionError(kind);
        };
    }

    private static StandardProtocolFamily family(SocketAddress address) {
        if (address instanceof UnixDomainSocketAddress) {
            return StandardProtocolFamily.UNIX;
        }
        return ((InetSocketAddress) address).getAddress() instanceof Inet4Address
                ? StandardProtocolFamily.INET
                : StandardProtocolFamily.INET6;
    }

    /** The primary ends: all that it has is closed. */
    @Override
    public void close() throws IOException {
        if (prepared != null) {
            prepared.close();
        }
        listeners.forEach(Fd::close);
        pumps.forEach(Pump::close);
        for (SocketChannel client : earlyClients) {
            client.close();
        }
    }
}
