package sun.nio.ch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.AcceptPendingException;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.CompletionHandler;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.ServerSocketChannel;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * An asynchronous server channel whose connections come from somewhere else. Lives in the JDK's own
 * package and loader, so that it can see nothing but the JDK; {@code dev.prefork.net.Hook} defines
 * it and says what the functions are.
 *
 * <p>It is a member of its group like the JDK's own: the group polls a descriptor, the same from
 * open to close, once for each time that the channel finds no connection. Not a subclass of the
 * JDK's, whose bind is final. Has no nested classes, as they would have to be defined as well.
 */
final class ClusterAsynchronousServerSocketChannelImpl extends AsynchronousServerSocketChannel
        implements Port.PollableChannel, Groupable, Cancellable {
    private final Port port;
    private final ServerSocketChannel own;
    private final int readiness;
    private final BiFunction<SocketAddress, Integer, SocketAddress> binding;
    private final Function<AsynchronousChannelGroup, AsynchronousSocketChannel> next;
    private final Runnable stop;
    private final Runnable release;

    /**
     * Held while a connection is taken, which does not block, so that a close comes before or after
     * it; never while a handler runs. Guards what follows.
     */
    private final Object lock = new Object();

    private volatile boolean closed;
    private volatile boolean cancelled;
    private volatile SocketAddress localAddress;

    /** The accept that waits: with a handler, or for the caller's future. */
    private PendingFuture<AsynchronousSocketChannel, ?> pending;

    /**
     * An unbound channel.
     *
     * @param member any channel of the group to join
     */
    ClusterAsynchronousServerSocketChannelImpl(
            AsynchronousSocketChannel member,
            ServerSocketChannel own,
            int readiness,
            BiFunction<SocketAddress, Integer, SocketAddress> binding,
            Function<AsynchronousChannelGroup, AsynchronousSocketChannel> next,
            Runnable stop,
            Runnable release) {
        AsynchronousChannelGroupImpl group = ((Groupable) member).group();
        super(group.provider());
        this.port = (Port) group;
        this.own = own;
        this.readiness = readiness;
        this.binding = binding;
        this.next = next;
        this.stop = stop;
        this.release = release;
        port.register(readiness, this);
    }

    @Override
    public AsynchronousChannelGroupImpl group() {
        return port;
    }

    // ---- bind and options ----

    @Override
    public AsynchronousServerSocketChannel bind(SocketAddress local, int backlog)
            throws IOException {
        try {
            localAddress = binding.apply(local, backlog);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return this;
    }

    @Override
    public SocketAddress getLocalAddress() throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        return localAddress;
    }

    @Override
    public <T> AsynchronousServerSocketChannel setOption(SocketOption<T> name, T value)
            throws IOException {
        own.setOption(name, value);
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

    // ---- accept ----

    @Override
    public <A> void accept(
            A attachment, CompletionHandler<AsynchronousSocketChannel, ? super A> handler) {
        Objects.requireNonNull(handler, "handler");
        accept(new PendingFuture<>(this, handler, attachment));
    }

    @Override
    public Future<AsynchronousSocketChannel> accept() {
        PendingFuture<AsynchronousSocketChannel, Void> call = new PendingFuture<>(this);
        accept(call);
        return call;
    }

    private void accept(PendingFuture<AsynchronousSocketChannel, ?> call) {
        if (closed) {
            call.setFailure(new ClosedChannelException());
            Invoker.invoke(call);
            return;
        }
        boolean done;
        synchronized (lock) {
            done = begin(call);
        }
        if (done) {
            // Never on the stack of the caller, who may not expect the handler there.
            Invoker.invokeIndirectly(call);
        }
    }

    private boolean begin(PendingFuture<AsynchronousSocketChannel, ?> call) {
        if (closed) {
            call.setFailure(new AsynchronousCloseException());
            return true;
        }
        if (localAddress == null) {
            throw new NotYetBoundException();
        }
        if (cancelled) {
            throw new IllegalStateException("no accept after one that was cancelled");
        }
        if (pending != null) {
            throw new AcceptPendingException();
        }
        return attempt(call);
    }

    /** Called by the group's threads when the descriptor is readable. */
    @Override
    public void onEvent(int events, boolean mayInvokeDirect) {
        PendingFuture<AsynchronousSocketChannel, ?> call;
        boolean done;
        synchronized (lock) {
            call = pending;
            pending = null;
            // Closed, or cancelled: then the connection is left to others who may want it.
            done = call != null && !cancelled && attempt(call);
        }
        if (done) {
            // On this thread if it is one of the group's pool.
            Invoker.invoke(call);
        }
    }

    /** Takes a connection, or lets the call wait for one: then it is not done. */
    private boolean attempt(PendingFuture<AsynchronousSocketChannel, ?> call) {
        try {
            AsynchronousSocketChannel connection = next.apply(port);
            if (connection == null) {
                // A connection that came just now is an event, too.
                port.startPoll(readiness, Net.POLLIN);
                pending = call;
                return false;
            }
            call.setResult(connection);
            // Cancelled in the same instant: nobody else has the connection.
            if (call.isCancelled()) {
                connection.close();
            }
        } catch (UncheckedIOException e) {
            call.setFailure(e.getCause());
        } catch (IOException | RuntimeException | Error e) {
            call.setFailure(e);
        }
        return true;
    }

    /** As in the JDK no accept is possible from then on. */
    @Override
    public void onCancel(PendingFuture<?, ?> task) {
        cancelled = true;
    }

    // ---- close ----

    @Override
    public boolean isOpen() {
        return !closed;
    }

    @Override
    public void close() throws IOException {
        PendingFuture<AsynchronousSocketChannel, ?> call;
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
            call = pending;
            pending = null;
        }
        try {
            stop.run();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } finally {
            // Before the channel leaves the group, which may end with its last channel.
            if (call != null) {
                end(call);
            }
            port.unregister(readiness);
            release.run();
        }
    }

    private static void end(PendingFuture<AsynchronousSocketChannel, ?> call) {
        AsynchronousCloseException failure = new AsynchronousCloseException();
        // It is not this close that failed.
        failure.setStackTrace(new StackTraceElement[0]);
        call.setFailure(failure);
        Invoker.invokeIndirectly(call);
    }

    @Override
    public String toString() {
        SocketAddress address = localAddress;
        String state = closed ? "closed" : address == null ? "unbound" : address.toString();
        return getClass().getName() + "[" + state + "]";
    }
}
