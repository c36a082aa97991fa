package dev.prefork.net;

import dev.prefork.net.FakeCluster.Kind;

import java.io.IOException;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** A fake cluster, and a group of its asynchronous channels, which ends with it. */
final class AsynchronousCluster implements AutoCloseable {
    /** How a group gets its threads. */
    enum Threads {
        FIXED,
        CACHED,
        POOL
    }

    final FakeCluster fake;
    final AsynchronousChannelProvider provider;
    final AsynchronousChannelGroup group;

    AsynchronousCluster(Kind kind) throws IOException {
        this(kind, Threads.FIXED);
    }

    AsynchronousCluster(Kind kind, Threads threads) throws IOException {
        fake = new FakeCluster(kind);
        provider = fake.asynchronousProvider();
        ThreadFactory factory = Thread.ofPlatform().name("group-", 0).daemon().factory();
        group =
                switch (threads) {
                    case FIXED -> provider.openAsynchronousChannelGroup(2, factory);
                    case CACHED ->
                            provider.openAsynchronousChannelGroup(
                                    Executors.newCachedThreadPool(factory), 1);
                    case POOL ->
                            provider.openAsynchronousChannelGroup(
                                    Executors.newFixedThreadPool(3, factory), 0);
                };
    }

    AsynchronousServerSocketChannel open() throws IOException {
        return provider.openAsynchronousServerSocketChannel(group);
    }

    AsynchronousServerSocketChannel bound() throws IOException {
        return open().bind(FakeCluster.ANY_PORT, 1000);
    }

    static SocketChannel connect(AsynchronousServerSocketChannel server) throws IOException {
        return SocketChannel.open(server.getLocalAddress());
    }

    @Override
    public void close() throws IOException {
        group.shutdownNow();
        fake.close();
        try {
            if (!group.awaitTermination(10, TimeUnit.SECONDS)) {
                throw new AssertionError("the group does not end: " + group);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
