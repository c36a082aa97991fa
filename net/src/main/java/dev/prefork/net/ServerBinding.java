package dev.prefork.net;

import dev.prefork.posix.PosixException;
import dev.prefork.posix.Sockets;

import sun.nio.ch.SelChImpl;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How a server channel is bound: through the cluster, or privately where the broker says so.
 *
 * <p>Connections come from an {@link Intake}, which is there from bind to close or {@link
 * #fallSilent}. A server without it is silent. Safe for any thread, but {@link #next} is for one at
 * a time.
 */
final class ServerBinding implements OpenServers.Server {
    private final Supplier<Optional<ListenBroker>> broker;
    private final OpenServers servers;
    private final ServerSocketChannel own;
    private final StandardProtocolFamily family;
    private final Readiness readiness;
    private final int usualReceiveBuffer;

    /** Held while the broker is asked, which may take long; never needed to close. */
    private final Object bindLock = new Object();

    /** Guards what follows. Nothing that blocks is called with it held. */
    private final Object stateLock = new Object();

    private boolean closed;
    private volatile SocketAddress localAddress;
    private volatile Intake intake;

    /** In bytes, as the application set it; 0 when it did not. */
    private volatile int receiveBuffer;

    /**
     * Of an unbound server.
     *
     * @param own a JDK channel to which a private bind is left; whoever made it closes it
     */
    ServerBinding(
            Supplier<Optional<ListenBroker>> broker, OpenServers servers, ServerSocketChannel own)
            throws IOException {
        this.broker = broker;
        this.servers = servers;
        this.own = own;
        this.family = Sockets.family(((SelChImpl) own).getFDVal());
        this.usualReceiveBuffer = own.getOption(StandardSocketOptions.SO_RCVBUF);
        this.readiness = Readiness.open();
    }

    StandardProtocolFamily family() {
        return family;
    }

    /** Readable while {@link #next} may give something; closed by whoever waits on it, at last. */
    Readiness readiness() {
        return readiness;
    }

    // ---- bind ----

    /**
     * Binds and listens.
     *
     * @param local may be a {@link DescriptorAddress}
     * @return the local address
     */
    SocketAddress bind(SocketAddress local, int backlog, BindMode mode) throws IOException {
        synchronized (bindLock) {
            if (!bindUnlessPlain(local, backlog, mode)) {
                bindPrivate(local, backlog, mode);
            }
        }
        return localAddress;
    }

    /**
     * As {@link #bind}, unless the JDK's own bind of just this address is what is wanted.
     *
     * @return false if it is; the server is then unbound
     */
    boolean bindUnlessPlain(SocketAddress local, int backlog, BindMode mode) throws IOException {
        synchronized (bindLock) {
            ensureBindable();
            Optional<ConnectionSource> source = askBroker(local, backlog, mode);
            if (source.isPresent()) {
                if (source.get().isOwn()) {
                    bindOwn(source.get());
                } else {
                    bindShared(source.get());
                }
                return true;
            }
            SocketAddress elsewhere = ownAddress(local, mode);
            if (Objects.equals(elsewhere, local)) {
                return false;
            }
            bindPrivate(elsewhere, backlog, mode);
            return true;
        }
    }

    private SocketAddress ownAddress(SocketAddress local, BindMode mode) {
        return mode.exclusive()
                ? local
                : broker.get().map(asked -> asked.ownAddress(local)).orElse(local);
    }

    private void ensureBindable() throws ClosedChannelException {
        synchronized (stateLock) {
            if (closed) {
                throw new ClosedChannelException();
            }
            if (localAddress != null) {
                throw new AlreadyBoundException();
            }
        }
    }

    private Optional<ConnectionSource> askBroker(SocketAddress local, int backlog, BindMode mode)
            throws IOException {
        if (family == StandardProtocolFamily.UNIX && local == null) {
            return Optional.empty(); // A temporary name that the JDK makes up: nobody can share it.
        }
        ListenRequest request =
                ListenRequest.of(local, family, backlog, mode.reusingPort(reusesPort()));
        Optional<ListenBroker> asked = broker.get();
        if (asked.isEmpty() || mode.exclusive()) {
            return Optional.empty();
        }
        return asked.get().listen(request);
    }

    private boolean reusesPort() throws IOException {
        return family != StandardProtocolFamily.UNIX
                && own.getOption(StandardSocketOptions.SO_REUSEPORT);
    }

    private void bindShared(ConnectionSource source) throws IOException {
        boolean bound = false;
        try {
            // One step for retire, which silences under the same lock.
            synchronized (stateLock) {
                servers.add(this);
                receiveBufferSet();
                Intake fresh = Intake.counted(source, servers, () -> receiveBuffer);
                attach(fresh, source.localAddress());
            }
            bound = true;
        } finally {
            if (!bound) {
                servers.remove(this);
                source.close();
            }
        }
    }

    private void bindPrivate(SocketAddress local, int backlog, BindMode mode) throws IOException {
        bindOwn(PrivateBind.listen(own, local, backlog, mode));
    }

    private void bindOwn(ConnectionSource source) throws IOException {
        boolean bound = false;
        try {
            synchronized (stateLock) {
                attach(Intake.uncounted(source), source.localAddress());
            }
            bound = true;
        } finally {
            if (!bound) {
                source.close();
            }
        }
    }

    private void attach(Intake fresh, SocketAddress address) throws IOException {
        // A close that comes later finds the intake: it takes the same lock.
        if (closed) {
            throw new AsynchronousCloseException();
        }
        watch(fresh.descriptors());
        intake = fresh;
        localAddress = address;
    }

    /** The application has set SO_RCVBUF: it is for the connections to come. */
    void receiveBufferSet() throws IOException {
        int bytes = own.getOption(StandardSocketOptions.SO_RCVBUF);
        receiveBuffer = bytes == usualReceiveBuffer ? 0 : bytes;
    }

    boolean isBound() {
        return localAddress != null;
    }

    /** Null before bind; still there after close. */
    SocketAddress localAddress() {
        return localAddress;
    }

    // ---- bound ----

    /** The next connection, or null if there is none now. */
    <C extends Channel> C next(Intake.Adoption<C> adoption) throws IOException {
        Intake current = intake;
        if (current == null) {
            return null;
        }
        C accepted = current.next(adoption);
        // A source at its end stays readable: whoever waits on it would spin.
        if (accepted == null && current.isExhausted()) {
            fallSilent();
        }
        return accepted;
    }

    /** The listening socket itself; empty when there is none: not bound, or round robin. */
    Optional<Integer> listenerDescriptor() {
        return Optional.ofNullable(intake).flatMap(Intake::listenerDescriptor);
    }

    @Override
    public void fallSilent() throws PosixException {
        Intake left = null;
        try {
            synchronized (stateLock) {
                left = intake;
                intake = null;
                if (left != null) {
                    unwatch(left.descriptors());
                }
            }
        } finally {
            if (left != null) {
                left.close();
            }
        }
    }

    /** All, or none. */
    private void watch(List<Integer> descriptors) throws PosixException {
        List<Integer> watched = new ArrayList<>();
        try {
            for (int descriptor : descriptors) {
                readiness.watch(descriptor);
                watched.add(descriptor);
            }
        } catch (PosixException noRoom) {
            unwatch(watched);
            throw noRoom;
        }
    }

    /** All, whatever becomes of one. */
    private void unwatch(List<Integer> descriptors) throws PosixException {
        Optional<PosixException> failure = Optional.empty();
        for (int descriptor : descriptors) {
            try {
                readiness.unwatch(descriptor);
            } catch (PosixException e) {
                failure = Optional.of(e);
            }
        }
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    /**
     * Ends the listening at once. Can be called again.
     *
     * @throws PosixException whoever waits on the readiness may go on seeing it; else it is closed
     */
    void close() throws PosixException {
        synchronized (stateLock) {
            closed = true;
        }
        servers.remove(this);
        fallSilent();
    }
}
