package sun.nio.ch;

import jdk.internal.ref.CleanerFactory;

import java.io.FileDescriptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Cleaner.Cleanable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;

/**
 * Fills the fresh inside of an accepted java.net.Socket, the JDK's own, with a connection that is a
 * channel already. Lives in the JDK's own package and loader, so that it can see nothing but the
 * JDK; {@code dev.prefork.net.Hook} defines it.
 */
final class ClusterAcceptedSocket {
    private static final VarHandle FD;
    private static final VarHandle ADDRESS;
    private static final VarHandle PORT;
    private static final VarHandle LOCAL_PORT;
    private static final VarHandle STATE_LOCK;
    private static final VarHandle STATE;
    private static final VarHandle CLEANER;
    private static final int NEW;
    private static final int CONNECTED;

    static {
        try {
            Class<?> type = SocketImpl.class;
            MethodHandles.Lookup base = MethodHandles.privateLookupIn(type, MethodHandles.lookup());
            FD = base.findVarHandle(type, "fd", FileDescriptor.class);
            ADDRESS = base.findVarHandle(type, "address", InetAddress.class);
            PORT = base.findVarHandle(type, "port", int.class);
            LOCAL_PORT = base.findVarHandle(type, "localport", int.class);
            Class<?> nio = NioSocketImpl.class;
            MethodHandles.Lookup inside =
                    MethodHandles.privateLookupIn(nio, MethodHandles.lookup());
            STATE_LOCK = inside.findVarHandle(nio, "stateLock", Object.class);
            STATE = inside.findVarHandle(nio, "state", int.class);
            CLEANER = inside.findVarHandle(nio, "cleaner", Cleanable.class);
            NEW = (int) inside.findStaticVarHandle(nio, "ST_NEW", int.class).get();
            CONNECTED = (int) inside.findStaticVarHandle(nio, "ST_CONNECTED", int.class).get();
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private ClusterAcceptedSocket() {}

    static void requireNew(NioSocketImpl socket) throws SocketException {
        if ((int) STATE.getVolatile(socket) != NEW) {
            throw new SocketException("Not a newly created SocketImpl");
        }
    }

    /**
     * Makes the connection the socket's, which does all but the closing of the descriptor: that
     * stays the channel's, which tells who counts it.
     */
    static void fill(NioSocketImpl socket, SocketChannelImpl connection) {
        InetSocketAddress local = (InetSocketAddress) connection.localAddress();
        InetSocketAddress remote = (InetSocketAddress) connection.remoteAddress();
        Cleanable cleaner =
                CleanerFactory.cleaner().register(socket, () -> closeUnchecked(connection));
        synchronized (STATE_LOCK.get(socket)) {
            FD.set(socket, connection.getFD());
            CLEANER.set(socket, cleaner);
            LOCAL_PORT.set(socket, local.getPort());
            ADDRESS.set(socket, remote.getAddress());
            PORT.set(socket, remote.getPort());
            STATE.setVolatile(socket, CONNECTED);
        }
    }

    private static void closeUnchecked(SocketChannelImpl connection) {
        try {
            connection.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
