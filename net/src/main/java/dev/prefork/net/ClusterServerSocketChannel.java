package dev.prefork.net;

import dev.prefork.posix.Fd;

import sun.nio.ch.Net;
import sun.nio.ch.SelChImpl;
import sun.nio.ch.SelectionKeyImpl;

import java.io.FileDescriptor;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A server socket channel that is bound through the cluster, or privately where the broker says so,
 * and behaves as the JDK's own in every mode.
 *
 * <p>Selectors and blocked threads wait on {@link Readiness}; connections come from the {@link
 * ServerBinding}. Accepts run one at a time, the others queue, as in the JDK.
 */
final class ClusterServerSocketChannel extends ServerSocketChannel implements SelChImpl {
    private final ClusterSelectorProvider provider;

    /**
     * A JDK channel that is never accepted from: options have exactly the JDK's meaning, and a
     * private bind is its own.
     */
    private final ServerSocketChannel own;

    private final ServerBinding binding;
    private final Readiness readiness;

    private final ReentrantLock acceptLock = new ReentrantLock();
    private final Object adaptorLock = new Object();
    private ServerSocket adaptor;

    private ClusterServerSocketChannel(
            ClusterSelectorProvider provider, ServerSocketChannel own, ServerBinding binding) {
        super(provider);
        this.provider = provider;
        this.own = own;
        this.binding = binding;
        this.readiness = binding.readiness();
    }

    /**
     * A new, unbound channel.
     *
     * @param own unbound; belongs to the new channel, unless there is an exception
     */
    static ClusterServerSocketChannel open(
            ClusterSelectorProvider provider, ServerSocketChannel own) throws IOException {
        ServerBinding binding = new ServerBinding(provider::broker, provider.servers(), own);
        return new ClusterServerSocketChannel(provider, own, binding);
    }

    // ---- bind ----

    @Override
    public ServerSocketChannel bind(SocketAddress local, int backlog) throws IOException {
        return bind(local, backlog, BindMode.USUAL);
    }

    /**
     * As {@link #bind(SocketAddress, int)}.
     *
     * @param local may be a {@link DescriptorAddress}
     */
    ServerSocketChannel bind(SocketAddress local, int backlog, BindMode mode) throws IOException {
        ensureOpen();
        var _ = binding.bind(local, backlog, mode);
        return this;
    }

    /**
     * As {@link #bind(SocketAddress, int)}, unless the JDK's own bind of this address is meant.
     *
     * @return false if it is; the channel is then unbound
     */
    boolean bindUnlessPlain(SocketAddress local, int backlog) throws IOException {
        ensureOpen();
        return binding.bindUnlessPlain(local, backlog, BindMode.USUAL);
    }

    /**
     * The listening socket itself, for another process.
     *
     * @throws IllegalArgumentException when there is none: not bound, or shared by round robin
     */
    int listenerDescriptor() {
        return binding.listenerDescriptor()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        this
                                                + " has no listening socket of its own that could"
                                                + " be sent"));
    }

    boolean isBound() {
        return binding.isBound();
    }

    /** Null before bind; still there after close, as the socket adaptor wants it. */
    SocketAddress localAddress() {
        return binding.localAddress();
    }

    @Override
    public SocketAddress getLocalAddress() throws IOException {
        ensureOpen();
        return localAddress();
    }

    // ---- accept ----

    @Override
    public SocketChannel accept() throws IOException {
        acceptLock.lock();
        try {
            ensureOpen();
            return accept(isBlocking(), 0);
        } finally {
            acceptLock.unlock();
        }
    }

    /**
     * As {@link #accept()}, for at most so long; for the socket adaptor.
     *
     * @throws IllegalBlockingModeException if the channel is non-blocking
     * @throws SocketTimeoutException if the time is over
     */
    SocketChannel acceptWithin(long nanos) throws IOException {
        acceptLock.lock();
        try {
            if (!isBlocking()) {
                throw new IllegalBlockingModeException();
            }
            return accept(true, nanos);
        } finally {
            acceptLock.unlock();
        }
    }

    /**
     * As {@link #accept()}, for a ServerSocket without a channel: an interrupt does not close it,
     * and the time that others accept before it counts.
     *
     * @param timeoutMillis 0 waits for ever
     * @throws InterruptedIOException if the thread is virtual and interrupted
     * @throws SocketTimeoutException if the time is over
     */
    SocketChannel acceptForSocket(int timeoutMillis) throws IOException {
        long nanos = lockToAccept(TimeUnit.MILLISECONDS.toNanos(timeoutMillis));
        try {
            ensureOpen();
            readiness.acceptBegins(true);
            try {
                SocketChannel accepted = awaitNext(nanos, false);
                if (accepted == null) {
                    throw new AsynchronousCloseException();
                }
                return accepted;
            } finally {
                readiness.acceptEnds(this);
            }
        } finally {
            acceptLock.unlock();
        }
    }

    /** Returns what is left of the time; 0 is no limit, before and after. */
    private long lockToAccept(long nanos) throws SocketTimeoutException {
        if (nanos == 0) {
            acceptLock.lock();
            return 0;
        }
        long end = System.nanoTime() + nanos;
        boolean interrupted = false;
        try {
            while (true) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    throw new SocketTimeoutException("Accept timed out");
                }
                try {
                    if (acceptLock.tryLock(left, TimeUnit.NANOSECONDS)) {
                        return Math.max(1, end - System.nanoTime());
                    }
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private SocketChannel accept(boolean blocking, long nanos) throws IOException {
        SocketChannel accepted = null;
        try {
            beginAccept(blocking);
            accepted = blocking ? awaitNext(nanos, true) : next();
        } finally {
            endAccept(blocking, accepted);
        }
        return accepted;
    }

    private void beginAccept(boolean blocking) throws IOException {
        if (blocking) {
            begin(); // An interrupt closes the channel from here on.
        }
        ensureOpen();
        if (!isBound()) {
            throw new NotYetBoundException();
        }
        readiness.acceptBegins(blocking);
    }

    /**
     * Waits for a connection, or until the channel is closed: then it may return null.
     *
     * @param nanos 0 waits for ever
     * @param interruptClosesChannel and therefore need not be looked for
     */
    private SocketChannel awaitNext(long nanos, boolean interruptClosesChannel) throws IOException {
        long start = nanos > 0 ? System.nanoTime() : 0;
        SocketChannel accepted = next();
        while (accepted == null && isOpen()) {
            long left = 0;
            if (nanos > 0) {
                left = nanos - (System.nanoTime() - start);
                if (left <= 0) {
                    throw new SocketTimeoutException("Accept timed out");
                }
            }
            park(Net.POLLIN, left);
            if (!interruptClosesChannel
                    && Thread.currentThread().isVirtual()
                    && Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException();
            }
            accepted = next();
        }
        return accepted;
    }

    private SocketChannel next() throws IOException {
        return binding.next(this::adopt);
    }

    private SocketChannel adopt(
            StandardProtocolFamily family, Fd connection, SocketAddress remote, Runnable onClose)
            throws IOException {
        return JdkChannels.adopt(provider, family, connection, remote, onClose);
    }

    private void endAccept(boolean blocking, SocketChannel accepted) throws IOException {
        readiness.acceptEnds(this);
        if (!blocking) {
            return;
        }
        boolean delivered = false;
        try {
            end(accepted != null);
            delivered = true;
        } finally {
            // An interrupt wins over a connection that came in the same instant.
            if (!delivered && accepted != null) {
                accepted.close();
            }
        }
    }

    // ---- close ----

    private void ensureOpen() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
    }

    /** As in the JDK, the mode does not change during an accept. The descriptor has no mode. */
    @Override
    @SuppressWarnings("LockNotBeforeTry") // nothing to do between the two
    protected void implConfigureBlocking(boolean block) {
        acceptLock.lock();
        acceptLock.unlock();
    }

    /**
     * Ends the listening at once, and so differs from the JDK, where a registered channel goes on
     * listening until the selector's next select.
     */
    @Override
    protected void implCloseSelectableChannel() throws IOException {
        try {
            binding.close();
        } finally {
            readiness.close(this);
            own.close();
        }
    }

    /** Called by a selector from which a closed channel is now gone. */
    @Override
    public void kill() {
        readiness.closeIfUnused(this);
    }

    // ---- options ----

    @Override
    public <T> ServerSocketChannel setOption(SocketOption<T> name, T value) throws IOException {
        own.setOption(name, value);
        if (name.equals(StandardSocketOptions.SO_RCVBUF)) {
            binding.receiveBufferSet();
        }
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
        return own.getOption(name);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return own.supportedOptions();
    }

    @Override
    public ServerSocket socket() {
        if (binding.family() == StandardProtocolFamily.UNIX) {
            throw new UnsupportedOperationException("Not supported");
        }
        synchronized (adaptorLock) {
            if (adaptor == null) {
                adaptor = ClusterServerSocketAdaptor.of(this);
            }
            return adaptor;
        }
    }

    // ---- what selectors ask ----

    @Override
    public FileDescriptor getFD() {
        return readiness.fileDescriptor();
    }

    @Override
    public int getFDVal() {
        return readiness.descriptor();
    }

    @Override
    public int translateInterestOps(int interest) {
        return (interest & SelectionKey.OP_ACCEPT) == 0 ? 0 : Net.POLLIN;
    }

    @Override
    public boolean translateAndUpdateReadyOps(int events, SelectionKeyImpl key) {
        return translateReadyOps(events, key.nioReadyOps(), key);
    }

    @Override
    public boolean translateAndSetReadyOps(int events, SelectionKeyImpl key) {
        return translateReadyOps(events, 0, key);
    }

    /** An epoll descriptor has no events but POLLIN: it neither fails nor hangs up. */
    private static boolean translateReadyOps(int events, int ready, SelectionKeyImpl key) {
        int before = key.nioReadyOps();
        boolean acceptable = (events & Net.POLLIN) != 0;
        int after = acceptable ? ready | (key.nioInterestOps() & SelectionKey.OP_ACCEPT) : ready;
        key.nioReadyOps(after);
        return (after & ~before) != 0;
    }

    @Override
    public String toString() {
        SocketAddress address = localAddress();
        String state = !isOpen() ? "closed" : address == null ? "unbound" : address.toString();
        return getClass().getName() + "[" + state + "]";
    }
}
