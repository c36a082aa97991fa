package dev.prefork.listen;

import dev.prefork.AcceptShortage;
import dev.prefork.log.LazyLogger;
import dev.prefork.loop.EventLoop;
import dev.prefork.loop.Timer;
import dev.prefork.posix.Epoll;
import dev.prefork.posix.Errno;
import dev.prefork.posix.Fd;
import dev.prefork.posix.PosixException;
import dev.prefork.posix.Sockets;

import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.Optional;

/** Accepts the connections of one listening socket, and keeps those that wait, in their order. */
final class Acceptor {
    private static final LazyLogger LOG = new LazyLogger(Acceptor.class);

    /**
     * So many connections wait here; more wait in the socket's backlog, where they cost no
     * descriptor.
     */
    static final int MAX_WAITING = 1024;

    /** So many are accepted in a row before other descriptors of the loop get their turn. */
    private static final int ACCEPTS_PER_TURN = 64;

    private final EventLoop loop;
    private final ListenSocket socket;
    private final int listener;
    private final String name;
    private final Shortage shortage;
    private final Runnable arrived;
    private final EventLoop.Watch watch;
    private final ArrayDeque<Fd> waiting = new ArrayDeque<>();
    private final Pause pause = new Pause();

    /** So many were taken, and wait elsewhere. */
    private int elsewhere;

    private long accepted;
    private boolean paused;

    /** Others have the socket too: what comes now is theirs. */
    private boolean left;

    /** For the time being, what comes is somebody else's to accept. */
    private boolean resting;

    /** Nobody will ever come, and the socket is readable for ever. */
    private boolean ended;

    private boolean closed;

    static {
        // What a pause needs: without descriptors no class can be loaded from a folder, nor the
        // time zones for the date of its log line, and the JVM remembers for ever that it could
        // not.
        var _ = LOG.get().isLoggable(System.Logger.Level.WARNING);
        var _ = Errno.name(Errno.EMFILE);
        var _ = Timer.class;
        var _ = ZoneId.systemDefault().getRules();
    }

    /**
     * @param name for the log
     * @param shortage told when there is no room for another
     * @param arrived told after each connection that was accepted
     */
    Acceptor(EventLoop loop, ListenSocket socket, String name, Shortage shortage, Runnable arrived)
            throws PosixException {
        this.loop = loop;
        this.socket = socket;
        this.listener = socket.descriptor();
        this.name = name;
        this.shortage = shortage;
        this.arrived = arrived;
        this.watch = loop.watch(listener, Epoll.READABLE, events -> acceptAll());
    }

    private void acceptAll() {
        for (int i = 0; i < ACCEPTS_PER_TURN && !isFull() && !resting; i++) {
            int connection = Sockets.accept(listener);
            if (connection >= 0) {
                waiting.add(Fd.owning(connection));
                accepted++;
                pause.over();
                arrived.run();
                if (closed) {
                    // Whoever was to take it was the last one, and broke.
                    return;
                }
            } else if (connection == -Errno.EAGAIN) {
                ended = socket.isShutDown();
                break;
            } else if (connection != -Errno.ECONNABORTED) {
                pause(-connection);
                return;
            }
        }
        showInterest();
    }

    private boolean isFull() {
        return queued() >= MAX_WAITING;
    }

    /**
     * Out of descriptors or memory: what waits in the backlog is served once there is room again
     * (SPEC E2).
     */
    private void pause(int errno) {
        paused = true;
        loop.schedule(
                pause.next(),
                () -> {
                    paused = false;
                    showInterest();
                });
        showInterest();
        shortage.met(AcceptShortage.Where.PRIMARY, errno);
    }

    private void showInterest() {
        if (closed) {
            return;
        }
        try {
            boolean accepts = !paused && !left && !resting && !ended && !isFull();
            watch.interest(accepts ? Epoll.READABLE : 0);
        } catch (PosixException e) {
            loop.schedule(Pause.LONGEST, this::showInterest);
            LOG.get()
                    .log(
                            System.Logger.Level.WARNING,
                            "cannot change what is waited for key=" + name,
                            e);
        }
    }

    /** From now on somebody else accepts what comes, or not. */
    void rests(boolean rests) {
        resting = rests;
        showInterest();
    }

    /** Nobody can connect any more; who has connected before is accepted. */
    void takeNoMore() {
        left = !socket.takeNoMore(true);
        showInterest();
    }

    /** As before {@link #takeNoMore}; false when that cannot be. */
    boolean takeAgain() {
        boolean possible = socket.takeAgain();
        if (possible) {
            left = false;
            showInterest();
        }
        return possible;
    }

    /** Whether all who have connected have been taken. */
    boolean isAtRest() {
        return waiting.isEmpty() && elsewhere == 0 && (left || ended || socket.isQueueEmpty());
    }

    /** Whether a connection waits. */
    boolean hasWaiting() {
        return !waiting.isEmpty();
    }

    /** How many connections were accepted in all. */
    long accepted() {
        return accepted;
    }

    /** How many wait, here or elsewhere. */
    int queued() {
        return waiting.size() + elsewhere;
    }

    /** How many wait here. */
    int waiting() {
        return waiting.size();
    }

    /** The connection that has waited longest; the caller's from now on. */
    Optional<Fd> take() {
        boolean full = isFull();
        Optional<Fd> first = Optional.ofNullable(waiting.poll());
        if (full) {
            showInterest();
        }
        return first;
    }

    /** So many more of those that were taken wait all the same, or less; they count as these do. */
    void waitElsewhere(int more) {
        boolean full = isFull();
        elsewhere += more;
        if (full && !isFull()) {
            showInterest();
        }
    }

    /** One that was taken and could not be served waits again, before all others. */
    void putBack(Fd connection) {
        if (closed) {
            connection.close();
        } else {
            waiting.addFirst(connection);
        }
    }

    /** Drops what waits. Before the listener is closed. */
    void close() {
        closed = true;
        try {
            watch.cancel();
        } catch (PosixException e) {
            LOG.get().log(System.Logger.Level.WARNING, "cannot stop watching " + name, e);
        }
        waiting.forEach(Fd::close);
        waiting.clear();
    }
}
