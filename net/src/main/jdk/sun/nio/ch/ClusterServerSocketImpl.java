package sun.nio.ch;

import sun.net.PlatformSocketImpl;

import java.io.FileDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketOption;
import java.net.SocketOptions;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The inside of a java.net.ServerSocket whose bind asks first, and may be given a channel that is
 * bound through the cluster. Lives in the JDK's own package and loader, so that it can see nothing
 * but the JDK; {@code dev.prefork.net.Hook} defines it.
 *
 * <p>A platform implementation by its interface, so that ServerSocket lets it fill the JDK's own
 * implementation of an accepted Socket; any other would need a factory for the JVM's clients. The
 * JDK's own implementation of a server is inside: it has the options, and the whole of a bind that
 * is not shared.
 */
final class ClusterServerSocketImpl extends SocketImpl
        implements PlatformSocketImpl, Supplier<ServerSocketChannel> {
    private static final VarHandle FD;
    private static final VarHandle LOCAL_PORT;

    static {
        try {
            Class<?> type = SocketImpl.class;
            MethodHandles.Lookup base = MethodHandles.privateLookupIn(type, MethodHandles.lookup());
            FD = base.findVarHandle(type, "fd", FileDescriptor.class);
            LOCAL_PORT = base.findVarHandle(type, "localport", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final NioSocketImpl own = new NioSocketImpl(true);
    private final Function<Boolean, BiFunction<InetSocketAddress, Integer, ServerSocketChannel>>
            sharing;
    private final BiFunction<ServerSocketChannel, Integer, SocketChannel> accepting;

    // Guarded by this; nothing that blocks is called with it held.

    /** From bind to a listen that fails. */
    private InetSocketAddress requested;

    private volatile ServerSocketChannel shared;
    private Integer receiveBuffer;
    private boolean closed;

    /**
     * An implementation without a socket, as ServerSocket wants it.
     *
     * @param sharing given whether SO_REUSEPORT is set, then asked with the address and the backlog
     *     of a bind; answers null when the bind is the JDK's own, else a bound channel, which
     *     belongs to this
     * @param accepting given that channel and a timeout in milliseconds, 0 for none, waits for a
     *     connection, which is a channel of the JDK; both throw IOExceptions as
     *     UncheckedIOException
     */
    ClusterServerSocketImpl(
            Function<Boolean, BiFunction<InetSocketAddress, Integer, ServerSocketChannel>> sharing,
            BiFunction<ServerSocketChannel, Integer, SocketChannel> accepting) {
        this.sharing = sharing;
        this.accepting = accepting;
    }

    /** The channel behind it; null when it is not shared. */
    @Override
    public ServerSocketChannel get() {
        return shared;
    }

    @Override
    protected void create(boolean stream) throws IOException {
        own.create(stream);
        fd = (FileDescriptor) FD.get(own);
    }

    // ---- bind ----

    /** Only notes the address: who is to be asked wants the backlog as well. */
    @Override
    protected synchronized void bind(InetAddress host, int port) throws IOException {
        if (requested != null) {
            throw new SocketException("Already bound");
        }
        requested = new InetSocketAddress(host, port);
    }

    @Override
    protected void listen(int backlog) throws IOException {
        InetSocketAddress local;
        synchronized (this) {
            local = requested;
        }
        boolean listens = false;
        try {
            ServerSocketChannel channel = ask(local, backlog);
            if (channel == null) {
                own.bind(local.getAddress(), local.getPort());
                own.listen(backlog);
                localport = (int) LOCAL_PORT.get(own);
            } else {
                share(channel);
                localport = ((InetSocketAddress) channel.getLocalAddress()).getPort();
            }
            // As it was given, which the JDK promises.
            address = local.getAddress();
            listens = true;
        } finally {
            if (!listens) {
                synchronized (this) {
                    requested = null;
                }
            }
        }
    }

    private ServerSocketChannel ask(InetSocketAddress local, int backlog) throws IOException {
        try {
            boolean reusesPort = own.getOption(StandardSocketOptions.SO_REUSEPORT);
            return sharing.apply(reusesPort).apply(local, backlog);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void share(ServerSocketChannel channel) throws IOException {
        try {
            synchronized (this) {
                if (closed) {
                    throw new SocketException("Socket closed");
                }
                if (receiveBuffer != null) {
                    channel.setOption(StandardSocketOptions.SO_RCVBUF, receiveBuffer);
                }
                shared = channel;
            }
        } finally {
            if (shared != channel) {
                channel.close();
            }
        }
    }

    // ---- accept ----

    @Override
    protected void accept(SocketImpl fresh) throws IOException {
        ServerSocketChannel channel = shared;
        if (channel == null) {
            own.accept(fresh);
            return;
        }
        NioSocketImpl socket = (NioSocketImpl) fresh;
        ClusterAcceptedSocket.requireNew(socket);
        SocketChannelImpl connection = take(channel);
        boolean filled = false;
        try {
            ClusterAcceptedSocket.fill(socket, connection);
            filled = true;
        } finally {
            if (!filled) {
                connection.close();
            }
        }
    }

    private SocketChannelImpl take(ServerSocketChannel channel) throws IOException {
        int timeoutMillis = (int) own.getOption(SocketOptions.SO_TIMEOUT);
        try {
            return (SocketChannelImpl) accepting.apply(channel, timeoutMillis);
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof ClosedChannelException) {
                throw new SocketException("Socket closed");
            }
            throw e.getCause();
        }
    }

    // ---- close ----

    @Override
    protected void close() throws IOException {
        ServerSocketChannel channel;
        synchronized (this) {
            closed = true;
            channel = shared;
        }
        try {
            own.close();
        } finally {
            if (channel != null) {
                channel.close();
            }
        }
    }

    // ---- options ----

    @Override
    public void setOption(int name, Object value) throws SocketException {
        own.setOption(name, value);
        if (name == SocketOptions.SO_RCVBUF) {
            try {
                passOn((Integer) value);
            } catch (IOException e) {
                throw new SocketException(e.getMessage(), e);
            }
        }
    }

    @Override
    protected <T> void setOption(SocketOption<T> name, T value) throws IOException {
        own.setOption(name, value);
        if (name == StandardSocketOptions.SO_RCVBUF) {
            passOn((Integer) value);
        }
    }

    /** The one option that accepted sockets have from their server. */
    private synchronized void passOn(Integer bytes) throws IOException {
        receiveBuffer = bytes;
        if (shared != null) {
            shared.setOption(StandardSocketOptions.SO_RCVBUF, bytes);
        }
    }

    @Override
    public Object getOption(int name) throws SocketException {
        return own.getOption(name);
    }

    @Override
    protected <T> T getOption(SocketOption<T> name) throws IOException {
        return own.getOption(name);
    }

    @Override
    protected Set<SocketOption<?>> supportedOptions() {
        return own.supportedOptions();
    }

    // ---- what servers are not asked for: the JDK says no ----

    @Override
    protected void connect(String host, int port) throws IOException {
        own.connect(host, port);
    }

    @Override
    protected void connect(InetAddress host, int port) throws IOException {
        own.connect(host, port);
    }

    @Override
    protected void connect(SocketAddress remote, int timeoutMillis) throws IOException {
        own.connect(remote, timeoutMillis);
    }

    @Override
    protected InputStream getInputStream() {
        return own.getInputStream();
    }

    @Override
    protected OutputStream getOutputStream() {
        return own.getOutputStream();
    }

    @Override
    protected int available() throws IOException {
        return own.available();
    }

    @Override
    protected void sendUrgentData(int data) throws IOException {
        own.sendUrgentData(data);
    }
}
