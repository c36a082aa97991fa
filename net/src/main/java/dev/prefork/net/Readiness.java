package dev.prefork.net;

import dev.prefork.posix.Epoll;
import dev.prefork.posix.EventFd;
import dev.prefork.posix.PosixException;

import sun.nio.ch.IOUtil;

import java.io.FileDescriptor;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.spi.AbstractSelectableChannel;

/**
 * The one descriptor of a server channel, the same from open to close, which selectors and blocked
 * threads wait on: an epoll instance of our own, which is itself a descriptor that can be polled.
 *
 * <p>Before bind nothing is in it but a silent eventfd; bind adds the descriptor of the real
 * source. The kernel passes readiness on through every level, for connections that came before as
 * for those that come later, so that it does not matter who registers when. The obvious other way,
 * to put the real descriptor in the place of a placeholder with dup2, loses readiness if it happens
 * between a selector's registration and its wait: the selector's epoll then still watches the
 * placeholder's file. Four levels of epoll are the kernel's limit, and three occur: a virtual
 * thread in select() waits in the JDK's poller for the selector's epoll, which has ours in it.
 *
 * <p>It also knows when the descriptor may be closed: when the channel is closed, no accept is in
 * progress and no selector has it registered. Closed earlier, its number could be another file's
 * while somebody still waits on it. Safe for any thread; {@link #watch} and {@link #unwatch} only
 * before {@link #close}.
 */
final class Readiness {
    private final EventFd wake;
    private final Epoll epoll;
    private final FileDescriptor fileDescriptor;

    private boolean accepting;
    private boolean acceptMayWait;
    private boolean closing;
    private boolean released;

    private Readiness(EventFd wake, Epoll epoll) {
        this.wake = wake;
        this.epoll = epoll;
        this.fileDescriptor = IOUtil.newFD(epoll.descriptor());
    }

    static Readiness open() throws PosixException {
        EventFd wake = EventFd.open();
        Epoll epoll = null;
        boolean complete = false;
        try {
            epoll = Epoll.open();
            epoll.add(wake.descriptor(), Epoll.READABLE, 0);
            complete = true;
        } finally {
            if (!complete) {
                wake.close();
                if (epoll != null) {
                    epoll.close();
                }
            }
        }
        return new Readiness(wake, epoll);
    }

    int descriptor() {
        return epoll.descriptor();
    }

    FileDescriptor fileDescriptor() {
        return fileDescriptor;
    }

    void watch(int source) throws PosixException {
        epoll.add(source, Epoll.READABLE, 0);
    }

    /** Must come before the source's close, which would not end the watch if others share it. */
    void unwatch(int source) throws PosixException {
        epoll.remove(source);
    }

    /**
     * An accept begins; there is one at a time.
     *
     * @param mayWait whether it waits for a connection, so that a close has to wake it
     */
    synchronized void acceptBegins(boolean mayWait) throws ClosedChannelException {
        if (closing) {
            throw new ClosedChannelException();
        }
        accepting = true;
        acceptMayWait = mayWait;
    }

    synchronized void acceptEnds(AbstractSelectableChannel channel) {
        accepting = false;
        acceptMayWait = false;
        closeIfUnused(channel);
    }

    /**
     * The channel is closed: wakes a waiting accept.
     *
     * @param channel asked whether a selector still has it
     */
    synchronized void close(AbstractSelectableChannel channel) {
        closing = true;
        // Not for a selector, which would report a channel that cannot be accepted from any more.
        if (acceptMayWait) {
            wake.set();
        }
        closeIfUnused(channel);
    }

    // Asked under the lock: a selector lets go first and then calls, so that either it or the end
    // of the accept finds the descriptor unused.
    synchronized void closeIfUnused(AbstractSelectableChannel channel) {
        if (closing && !released && !accepting && !channel.isRegistered()) {
            released = true;
            epoll.close();
            wake.close();
        }
    }
}
