package dev.prefork.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The server socket of a channel, as {@link ServerSocketChannel#socket} promises it; the same as
 * the JDK's own adaptor, which takes none but the JDK's channels. Safe for any thread.
 */
final class ClusterServerSocketAdaptor extends ServerSocket {
    private static final int NO_BACKLOG_NAMED = 0;

    private final ClusterServerSocketChannel channel;

    /** Of {@link #accept}, in milliseconds; 0 waits for ever. */
    private volatile int timeoutMillis;

    // The superclass makes a SocketImpl, which has no descriptor before its first use and is never
    // used: every method that would reach it is overridden.
    private ClusterServerSocketAdaptor(ClusterServerSocketChannel channel) throws IOException {
        this.channel = channel;
    }

    static ServerSocket of(ClusterServerSocketChannel channel) {
        try {
            return new ClusterServerSocketAdaptor(channel);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void bind(SocketAddress local) throws IOException {
        bind(local, NO_BACKLOG_NAMED);
    }

    @Override
    public void bind(SocketAddress local, int backlog) throws IOException {
        SocketAddress address = local == null ? new InetSocketAddress(0) : local;
        try {
            var _ = channel.bind(address, backlog);
        } catch (RuntimeException e) {
            throw translated(e);
        }
    }

    @Override
    public Socket accept() throws IOException {
        try {
            int millis = timeoutMillis;
            SocketChannel accepted =
                    millis > 0
                            ? channel.acceptWithin(TimeUnit.MILLISECONDS.toNanos(millis))
                            : channel.accept();
            // Non-blocking: a connection is returned if there is one, as the JDK always did.
            if (accepted == null) {
                throw new IllegalBlockingModeException();
            }
            return accepted.socket();
        } catch (RuntimeException e) {
            throw translated(e);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    @Override
    public ServerSocketChannel getChannel() {
        return channel;
    }

    @Override
    public InetAddress getInetAddress() {
        return channel.localAddress() instanceof InetSocketAddress local
                ? local.getAddress()
                : null;
    }

    @Override
    public int getLocalPort() {
        return channel.localAddress() instanceof InetSocketAddress local ? local.getPort() : -1;
    }

    @Override
    public boolean isBound() {
        return channel.isBound();
    }

    @Override
    public boolean isClosed() {
        return !channel.isOpen();
    }

    @Override
    public void setSoTimeout(int timeout) throws SocketException {
        ensureOpen();
        if (timeout < 0) {
            throw new IllegalArgumentException("timeout < 0");
        }
        timeoutMillis = timeout;
    }

    @Override
    public int getSoTimeout() throws SocketException {
        ensureOpen();
        return timeoutMillis;
    }

    private void ensureOpen() throws SocketException {
        if (isClosed()) {
            throw new SocketException("Socket is closed");
        }
    }

    @Override
    public void setReuseAddress(boolean on) throws SocketException {
        set(StandardSocketOptions.SO_REUSEADDR, on);
    }

    @Override
    public boolean getReuseAddress() throws SocketException {
        return get(StandardSocketOptions.SO_REUSEADDR);
    }

    @Override
    public void setReceiveBufferSize(int size) throws SocketException {
        // The channel's option allows 0.
        if (size <= 0) {
            throw new IllegalArgumentException("size cannot be 0 or negative");
        }
        set(StandardSocketOptions.SO_RCVBUF, size);
    }

    @Override
    public int getReceiveBufferSize() throws SocketException {
        return get(StandardSocketOptions.SO_RCVBUF);
    }

    private <T> void set(SocketOption<T> name, T value) throws SocketException {
        try {
            var _ = channel.setOption(name, value);
        } catch (IOException e) {
            throw asSocketException(e);
        }
    }

    private <T> T get(SocketOption<T> name) throws SocketException {
        try {
            return channel.getOption(name);
        } catch (IOException e) {
            throw asSocketException(e);
        }
    }

    @Override
    public <T> ServerSocket setOption(SocketOption<T> name, T value) throws IOException {
        var _ = channel.setOption(name, value);
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
        return channel.getOption(name);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return channel.supportedOptions();
    }

    @Override
    public String toString() {
        return isBound()
                ? "ServerSocket[addr=" + getInetAddress() + ",localport=" + getLocalPort() + "]"
                : "ServerSocket[unbound]";
    }

    /** The channel's unchecked complaints as the socket's checked ones, in the JDK's words. */
    private static SocketException translated(RuntimeException e) {
        String message =
                switch (e) {
                    case AlreadyBoundException _ -> "Already bound";
                    case NotYetBoundException _ -> "Socket is not bound yet";
                    case UnsupportedAddressTypeException _ -> "Unsupported address type";
                    case UnresolvedAddressException _ -> "Unresolved address";
                    default -> throw e;
                };
        SocketException translated = new SocketException(message);
        translated.initCause(e);
        return translated;
    }

    private static SocketException asSocketException(IOException e) {
        if (e instanceof SocketException already) {
            return already;
        }
        boolean closed = e instanceof ClosedChannelException;
        SocketException translated =
                new SocketException(closed ? "Socket is closed" : e.getMessage());
        translated.initCause(e);
        return translated;
    }
}
