package dev.prefork.net;

import dev.prefork.posix.Fd;

import java.io.IOException;
import java.net.SocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Connections from the listening socket of this worker's slot, to which the kernel steers its
 * share, and those that the primary hands over, as whoever was to accept them does not. Safe for
 * any thread.
 */
public final class SteeredSource implements ConnectionSource {
    /** So many are accepted in a row before it is looked for what is handed over. */
    private static final int ACCEPTED_IN_A_ROW = 16;

    private final HandoffSource handedOver;
    private final ListenerSource listener;

    /** Since it was looked for others; only a rough number, where several threads accept. */
    private int accepted;

    private SteeredSource(HandoffSource handedOver, ListenerSource listener) {
        this.handedOver = handedOver;
        this.listener = listener;
    }

    /**
     * The source of one server; from now on connections may come.
     *
     * @param socket the worker's end of the hand-off, in which the listening socket waits; belongs
     *     to the source from now on, unless this throws
     * @param soon as {@link HandoffSource} has it
     * @param onClose runs once, after the close
     * @throws IOException the listening socket has not arrived
     */
    public static SteeredSource open(
            Fd socket, SocketAddress localAddress, Consumer<Runnable> soon, Runnable onClose)
            throws IOException {
        HandoffSource handedOver = new HandoffSource(socket, localAddress, soon, onClose);
        try {
            Fd listener = handedOver.takeListener();
            SteeredSource source =
                    new SteeredSource(
                            handedOver, ListenerSource.owning(listener, localAddress, () -> {}));
            handedOver.ready();
            return source;
        } catch (IOException notThere) {
            handedOver.abandon();
            throw notThere;
        }
    }

    @Override
    public SocketAddress localAddress() {
        return listener.localAddress();
    }

    @Override
    public int descriptor() {
        return listener.descriptor();
    }

    @Override
    public List<Integer> descriptors() {
        return List.of(listener.descriptor(), handedOver.descriptor());
    }

    @Override
    public Optional<Integer> listenerDescriptor() {
        return listener.listenerDescriptor();
    }

    @Override
    public Fd take() throws IOException {
        Fd connection = accepted < ACCEPTED_IN_A_ROW ? accept() : null;
        if (connection != null) {
            accepted++;
            return connection;
        }
        accepted = 0;
        connection = handedOver.take();
        return connection == null ? listener.take() : connection;
    }

    /** The primary is to hear that there is no room, and questions are to be answered. */
    private Fd accept() throws IOException {
        try {
            return listener.take();
        } catch (IOException noRoom) {
            Fd connection = handedOver.take();
            if (connection == null) {
                throw noRoom;
            }
            return connection;
        }
    }

    @Override
    public boolean isExhausted() {
        return handedOver.isExhausted();
    }

    @Override
    public void close() {
        listener.close();
        handedOver.close();
    }
}
