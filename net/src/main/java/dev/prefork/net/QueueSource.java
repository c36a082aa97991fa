package dev.prefork.net;

import dev.prefork.posix.EventFd;
import dev.prefork.posix.Fd;
import dev.prefork.posix.PosixException;

import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;

/**
 * Connections that another thread offers one by one: the way of Node's channel, where they arrive
 * as messages.
 *
 * <p>Each offer is answered exactly once: true when somebody took the connection, false when nobody
 * will. Safe for any thread. Answers run without a lock held, on the thread that takes or closes;
 * they must neither block nor throw.
 */
public final class QueueSource implements ConnectionSource {
    private record Offer(Fd connection, Consumer<Boolean> answer) {
        void refuse() {
            connection.close();
            answer.accept(false);
        }
    }

    private final SocketAddress localAddress;
    private final Runnable onClose;

    /** Readable while the queue is not empty; set, cleared and closed under the lock. */
    private final EventFd notEmpty;

    private final Queue<Offer> queue = new ArrayDeque<>();
    private boolean closed;

    /**
     * An empty queue.
     *
     * @param onClose runs once, after the connections left over have been refused
     */
    public QueueSource(SocketAddress localAddress, Runnable onClose) throws PosixException {
        this.localAddress = localAddress;
        this.onClose = onClose;
        this.notEmpty = EventFd.open();
    }

    /**
     * Puts a connection at the end of the queue.
     *
     * @param connection in blocking mode; belongs to the source from now on, whatever happens
     * @param answer told true before the connection reaches the application, so that its sender
     *     knows that it has an owner; false if the source is closed without anybody taking it
     * @return false if the source was closed already; then the answer was given
     */
    public boolean offer(Fd connection, Consumer<Boolean> answer) {
        Offer offer = new Offer(connection, answer);
        synchronized (this) {
            if (!closed) {
                queue.add(offer);
                if (queue.size() == 1) {
                    notEmpty.set();
                }
                return true;
            }
        }
        offer.refuse();
        return false;
    }

    @Override
    public SocketAddress localAddress() {
        return localAddress;
    }

    @Override
    public int descriptor() {
        return notEmpty.descriptor();
    }

    @Override
    public Fd take() {
        Offer offer;
        synchronized (this) {
            offer = queue.poll();
            if (offer == null) {
                return null;
            }
            if (queue.isEmpty()) {
                notEmpty.clear();
            }
        }
        offer.answer().accept(true);
        return offer.connection();
    }

    @Override
    public void close() {
        List<Offer> left;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            left = List.copyOf(queue);
            queue.clear();
            notEmpty.close();
        }
        left.forEach(Offer::refuse);
        onClose.run();
    }
}
