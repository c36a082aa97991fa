package dev.prefork.net;

import sun.nio.ch.DefaultSelectorProvider;
import sun.nio.ch.LinuxAsynchronousChannelProvider;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.ShutdownChannelGroupException;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The JDK's provider of asynchronous channels, with server channels that are bound through the
 * cluster. A worker is started with {@code
 * -Djava.nio.channels.spi.AsynchronousChannelProvider=dev.prefork.net.ClusterAsynchronousChannelProvider}.
 *
 * <p>A subclass, so that groups and channels name this one as theirs: a program may compare. Making
 * one is cheap, the default group with its threads comes with the first channel that is in it. Safe
 * for any thread.
 */
public final class ClusterAsynchronousChannelProvider extends LinuxAsynchronousChannelProvider {
    private final Supplier<Optional<ListenBroker>> broker;
    private final OpenServers servers;

    /** Made by the JDK, by the name in the system property. */
    public ClusterAsynchronousChannelProvider() {
        this(ListenBrokers::current, OpenServers.ofThisProcess());
    }

    ClusterAsynchronousChannelProvider(
            Supplier<Optional<ListenBroker>> broker, OpenServers servers) {
        this.broker = broker;
        this.servers = servers;
    }

    @Override
    public AsynchronousServerSocketChannel openAsynchronousServerSocketChannel(
            AsynchronousChannelGroup group) throws IOException {
        if (group != null && group.isShutdown()) {
            throw new ShutdownChannelGroupException(); // The JDK does too, and loses a descriptor.
        }
        // A channel of the JDK says what the default group is, and refuses foreign groups.
        try (AsynchronousSocketChannel member = openAsynchronousSocketChannel(group)) {
            ServerSocketChannel own = DefaultSelectorProvider.get().openServerSocketChannel();
            AsynchronousServerSocketChannel server = null;
            try {
                server = open(member, own);
            } finally {
                if (server == null) {
                    own.close();
                }
            }
            return server;
        }
    }

    /**
     * Joins the parts.
     *
     * @param own has the options, and makes a private bind
     */
    private AsynchronousServerSocketChannel open(
            AsynchronousSocketChannel member, ServerSocketChannel own) throws IOException {
        ServerBinding binding = new ServerBinding(broker, servers, own);
        Readiness readiness = binding.readiness();
        AsynchronousServerSocketChannel server = null;
        try {
            server =
                    JdkChannels.asynchronousServer(
                            member,
                            own,
                            readiness.descriptor(),
                            binder(binding),
                            taker(binding),
                            () -> stop(binding, own),
                            () -> readiness.close(own));
        } finally {
            if (server == null) {
                readiness.close(own);
            }
        }
        return server;
    }

    private static BiFunction<SocketAddress, Integer, SocketAddress> binder(ServerBinding binding) {
        return (local, backlog) -> {
            try {
                return binding.bind(local, backlog, BindMode.USUAL);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    private static Function<AsynchronousChannelGroup, AsynchronousSocketChannel> taker(
            ServerBinding binding) {
        return group -> {
            try {
                return binding.next(
                        (_, connection, remote, watch) ->
                                JdkChannels.adopt(group, connection, remote, watch));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    private static void stop(ServerBinding binding, ServerSocketChannel own) {
        try (own) {
            binding.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
