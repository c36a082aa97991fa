package dev.prefork.servers.jdk;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.Channels;
import java.nio.channels.CompletionHandler;

/** Accepts by completion handlers, one after the other. */
final class AsyncServer
        implements CompletionHandler<AsynchronousSocketChannel, AsynchronousServerSocketChannel> {
    static void start(InetSocketAddress address) throws IOException, InterruptedException {
        AsynchronousServerSocketChannel server =
                AsynchronousServerSocketChannel.open().bind(address);
        server.accept(server, new AsyncServer());
        Thread.currentThread().join(); // The default group's threads keep no JVM alive.
    }

    @Override
    public void completed(
            AsynchronousSocketChannel channel, AsynchronousServerSocketChannel server) {
        server.accept(server, this);
        Thread.ofVirtual().start(() -> serve(channel));
    }

    @Override
    public void failed(Throwable problem, AsynchronousServerSocketChannel server) {
        problem.printStackTrace();
    }

    private static void serve(AsynchronousSocketChannel channel) {
        try (channel) {
            new HttpByHand(
                            Channels.newInputStream(channel),
                            Channels.newOutputStream(channel),
                            channel.getRemoteAddress())
                    .serve();
        } catch (IOException gone) {
            // The client's business.
        }
    }
}
