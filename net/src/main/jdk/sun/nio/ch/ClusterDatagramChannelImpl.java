package sun.nio.ch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntConsumer;

/**
 * A datagram channel whose bind asks first, and may be given a socket that is bound already and
 * that other processes have too. Lives in the JDK's own package and loader, so that it can see
 * nothing but the JDK; {@code dev.prefork.net.Hook} defines it.
 *
 * <p>The shared socket takes the number of the channel's own (dup3), under the locks of the JDK's
 * bind. Three things follow from that. Selectors that have looked at the old socket must look at
 * the new one: see lookAgain. The socket is non-blocking for ever, since the flag belongs to all
 * processes; the JDK can do that, for virtual threads. Options that were set before are set again.
 */
final class ClusterDatagramChannelImpl extends DatagramChannelImpl
        implements Consumer<IntConsumer> {
    private static final VarHandle STATE_LOCK;
    private static final VarHandle READ_LOCK;
    private static final VarHandle WRITE_LOCK;
    private static final VarHandle LOCAL_ADDRESS;
    private static final VarHandle FORCED_NON_BLOCKING;
    private static final VarHandle KEYS;
    private static final VarHandle UPDATE_LOCK;
    private static final VarHandle EPOLL;

    static {
        try {
            MethodHandles.Lookup jdk =
                    MethodHandles.privateLookupIn(
                            DatagramChannelImpl.class, MethodHandles.lookup());
            Class<?> type = DatagramChannelImpl.class;
            STATE_LOCK = jdk.findVarHandle(type, "stateLock", Object.class);
            READ_LOCK = jdk.findVarHandle(type, "readLock", ReentrantLock.class);
            WRITE_LOCK = jdk.findVarHandle(type, "writeLock", ReentrantLock.class);
            LOCAL_ADDRESS = jdk.findVarHandle(type, "localAddress", InetSocketAddress.class);
            FORCED_NON_BLOCKING = jdk.findVarHandle(type, "forcedNonBlocking", boolean.class);
            Class<?> selectable = AbstractSelectableChannel.class;
            MethodHandles.Lookup spi =
                    MethodHandles.privateLookupIn(selectable, MethodHandles.lookup());
            KEYS = spi.findVarHandle(selectable, "keys", SelectionKey[].class);
            Class<?> selector = EPollSelectorImpl.class;
            MethodHandles.Lookup epoll =
                    MethodHandles.privateLookupIn(selector, MethodHandles.lookup());
            UPDATE_LOCK = epoll.findVarHandle(selector, "updateLock", Object.class);
            EPOLL = epoll.findVarHandle(selector, "epfd", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Function<SocketAddress, IntConsumer> sharing;
    private final Runnable onClose;

    /** Guarded by the JDK's state lock, like the local address. */
    private final Map<SocketOption<?>, Object> setBeforeBind = new LinkedHashMap<>();

    /**
     * An unbound channel.
     *
     * @param sharing asked with the address of a bind, null if the JDK is to choose it; answers
     *     null when the bind is the JDK's own, else what puts the shared socket in the place of a
     *     descriptor, and closes it if given −1 instead, because the channel is closed; an
     *     UncheckedIOException's cause is what bind throws
     * @param onClose runs once when the channel is closed, bound or not
     */
    ClusterDatagramChannelImpl(
            SelectorProvider provider,
            ProtocolFamily family,
            boolean interruptible,
            Function<SocketAddress, IntConsumer> sharing,
            Runnable onClose)
            throws IOException {
        super(provider, family, interruptible);
        this.sharing = sharing;
        this.onClose = onClose;
    }

    // ---- bind ----

    @Override
    public DatagramChannel bind(SocketAddress local) throws IOException {
        ReentrantLock readLock = (ReentrantLock) READ_LOCK.get(this);
        ReentrantLock writeLock = (ReentrantLock) WRITE_LOCK.get(this);
        readLock.lock();
        try {
            writeLock.lock();
            try {
                lockedBind(local);
            } finally {
                writeLock.unlock();
            }
        } finally {
            readLock.unlock();
        }
        lookAgain();
        return this;
    }

    private void lockedBind(SocketAddress local) throws IOException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
        if (localAddress() != null) {
            throw new AlreadyBoundException();
        }
        IntConsumer shared;
        try {
            // Not under the state lock: it may take long, and close needs that lock.
            shared = sharing.apply(local);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        if (shared == null) {
            super.bind(local);
        } else {
            share(shared);
        }
    }

    private void share(IntConsumer shared) throws IOException {
        Map<SocketOption<?>, Object> options;
        synchronized (STATE_LOCK.get(this)) {
            // While a channel is open its descriptor is its own: it is closed under this lock.
            if (!isOpen()) {
                shared.accept(-1);
                throw new AsynchronousCloseException();
            }
            try {
                shared.accept(getFDVal());
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
            FORCED_NON_BLOCKING.setVolatile(this, true);
            LOCAL_ADDRESS.set(this, Net.localAddress(getFD()));
            options = Map.copyOf(setBeforeBind);
        }
        for (Map.Entry<SocketOption<?>, Object> option : options.entrySet()) {
            setAgain(option.getKey(), option.getValue());
        }
    }

    @SuppressWarnings("unchecked") // as it was set
    private <T> void setAgain(SocketOption<T> name, Object value) throws IOException {
        super.setOption(name, (T) value);
    }

    /** Who shares an address is what the bind was asked with, and means nothing afterwards. */
    @Override
    public <T> DatagramChannel setOption(SocketOption<T> name, T value) throws IOException {
        super.setOption(name, value);
        synchronized (STATE_LOCK.get(this)) {
            if (localAddress() == null
                    && name != StandardSocketOptions.SO_REUSEADDR
                    && name != StandardSocketOptions.SO_REUSEPORT) {
                setBeforeBind.put(name, value);
            }
        }
        return this;
    }

    /** Puts another socket in the place of the shared one, which other processes go on having. */
    @Override
    public void accept(IntConsumer placing) {
        if (isRegistered()) {
            synchronized (blockingLock()) {
                placeUnwatched(placing, (SelectionKey[]) KEYS.get(this), 0);
            }
        } else {
            // Nobody looks; and the lock may be held by who waits for a receive to end.
            place(placing);
        }
    }

    private void place(IntConsumer placing) {
        synchronized (STATE_LOCK.get(this)) {
            placing.accept(isOpen() ? getFDVal() : -1);
        }
    }

    // ---- selectors ----

    /**
     * With a socket that stays open elsewhere an entry of epoll would stay too, and could not be
     * removed any more: the number is another socket's. So it goes first, and no selector may make
     * it again before the other socket is in place.
     */
    private void placeUnwatched(IntConsumer placing, SelectionKey[] keys, int from) {
        if (from == keys.length) {
            place(placing);
        } else if (keys[from] instanceof SelectionKeyImpl key
                && key.isValid()
                && key.selector() instanceof EPollSelectorImpl selector) {
            synchronized (UPDATE_LOCK.get(selector)) {
                unwatch(selector, key);
                try {
                    placeUnwatched(placing, keys, from + 1);
                } finally {
                    selector.setEventOps(key);
                }
            }
            selector.wakeup();
        } else {
            placeUnwatched(placing, keys, from + 1);
        }
    }

    /**
     * Selectors that looked at the channel before it was bound have watched the old socket: an
     * entry of epoll is for a number and what was open there then.
     */
    private void lookAgain() {
        // Held throughout a registration; and the JDK takes it before the locks of a bind, so not
        // inside them.
        synchronized (blockingLock()) {
            SelectionKey[] keys = (SelectionKey[]) KEYS.get(this);
            for (int i = 0; keys != null && i < keys.length; i++) {
                if (keys[i] instanceof SelectionKeyImpl key
                        && key.isValid()
                        && key.selector() instanceof EPollSelectorImpl selector) {
                    lookAgain(selector, key);
                }
            }
        }
    }

    private void lookAgain(EPollSelectorImpl selector, SelectionKeyImpl key) {
        // The selector holds this lock while it brings its epoll to what keys want.
        synchronized (UPDATE_LOCK.get(selector)) {
            unwatch(selector, key);
            selector.setEventOps(key);
        }
        selector.wakeup();
    }

    private void unwatch(EPollSelectorImpl selector, SelectionKeyImpl key) {
        EPoll.ctl((int) EPOLL.get(selector), EPoll.EPOLL_CTL_DEL, getFDVal(), 0);
        key.registeredEvents(0);
    }

    // ---- close ----

    // Called once by the JDK, whoever closes and however often.
    @Override
    protected void implCloseSelectableChannel() throws IOException {
        try {
            super.implCloseSelectableChannel();
        } finally {
            onClose.run();
        }
    }
}
