package dev.prefork.net;

import sun.nio.ch.Net;
import sun.nio.ch.SelChImpl;
import sun.nio.ch.SelectionKeyImpl;

import java.io.FileDescriptor;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;

/**
 * A server socket channel that is bound through the cluster, or privately where the broker says so,
 * and behaves as the JDK's own in every mode.
 *
 * <p>Selectors and blocked threads wait on {@link Readiness}; connections come from the {@link
 * ServerBinding}, for accepts in an {@link AcceptQueue}.
 */
final class ClusterServerSocketChannel extends ServerSocketChannel implements SelChImpl {
    /**
     * A JDK channel that is never accepted from: options have exactly the JDK's meaning, and a
     * private bind is its own.
     */
    private final ServerSocketChannel own;

    private final ServerBinding binding;
    private final Readiness readiness;
    private final AcceptQueue accepts;
    private final Object adaptorLock = new Object();
    private ServerSocket adaptor;

    private ClusterServerSocketChannel(
            ClusterSelectorProvider provider, ServerSocketChannel own, ServerBinding binding) {
        super(provider);
        this.own = own;
        this.binding = binding;
        this.readiness = binding.readiness();
        this.accepts = new AcceptQueue(this, binding);
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
        return accepts.accept();
    }

    /** See {@link AcceptQueue#acceptWithin}. */
    SocketChannel acceptWithin(long nanos) throws IOException {
        return accepts.acceptWithin(nanos);
    }

    /** See {@link AcceptQueue#acceptForSocket}. */
    SocketChannel acceptForSocket(int timeoutMillis) throws IOException {
        return accepts.acceptForSocket(timeoutMillis);
    }

    /** An interrupt of this thread closes the channel from here on. */
    void interruptCloses() {
        begin();
    }

    /**
     * The end of that.
     *
     * @throws AsynchronousCloseException if the channel was closed meanwhile
     */
    void interruptClosesNoMore(boolean completed) throws AsynchronousCloseException {
        end(completed);
    }

    // ---- close ----

    void ensureOpen() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
    }

    /** As in the JDK, the mode does not change during an accept. The descriptor has no mode. */
    @Override
    protected void implConfigureBlocking(boolean block) {
        accepts.awaitIdle();
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
