package dev.prefork.primary;

import dev.prefork.ipc.Handle;
import dev.prefork.loop.EventLoop;
import dev.prefork.posix.Epoll;
import dev.prefork.posix.Errno;
import dev.prefork.posix.Fd;
import dev.prefork.posix.PosixException;
import dev.prefork.posix.Sockets;

import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;

/**
 * SCHED_RR: the primary accepts and hands each connection to the worker that has been free longest.
 *
 * <p>A worker that has not acknowledged its last connection gets no other (SPEC A4); when all are
 * busy, connections wait here in the order in which they came.
 */
final class RoundRobinHandle implements ListenHandle, Feed.Owner {
    private static final System.Logger LOG = System.getLogger(RoundRobinHandle.class.getName());

    /**
     * So many connections wait here; more wait in the socket's backlog, where they cost no
     * descriptor.
     */
    private static final int MAX_WAITING = 1024;

    /** So many are accepted in a row before other descriptors of the loop get their turn. */
    private static final int ACCEPTS_PER_TURN = 64;

    /**
     * A worker that has not looked at its connection for so long loses it to a free one (SPEC D2).
     */
    private static final Duration STALLED_AFTER = Duration.ofMillis(500);

    /** How long to leave a worker or the listener alone that has no descriptors left. */
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final EventLoop loop;
    private final ListenKey key;
    private final ListenSocket socket;
    private final EventLoop.Watch watch;
    private final Map<ForkedWorker, Feed> feeds = new HashMap<>();
    private final Map<ForkedWorker, Feed> leaving = new HashMap<>();
    private final LinkedHashSet<Feed> free = new LinkedHashSet<>();
    private final ArrayDeque<Fd> waiting = new ArrayDeque<>();
    private boolean paused;
    private boolean watchingForStalls;
    private boolean closed;

    static {
        // What a pause needs: without descriptors no class can be loaded from a folder, nor the
        // time
        // zones for the date of its log line, and the JVM remembers for ever that it could not.
        var _ = Errno.name(Errno.EMFILE);
        var _ = EventLoop.Timer.class;
        var _ = ZoneId.systemDefault().getRules();
    }

    RoundRobinHandle(EventLoop loop, ListenKey key, ListenSocket.Wishes wishes)
            throws PosixException {
        this.loop = loop;
        this.key = key;
        this.socket = ListenSocket.open(key, wishes);
        this.watch = loop.watch(socket.descriptor(), Epoll.READABLE, events -> acceptAll());
    }

    @Override
    public boolean isMember(ForkedWorker worker) {
        return feeds.containsKey(worker);
    }

    @Override
    public Admission add(ForkedWorker worker) throws PosixException {
        Map<String, Object> fields = new LinkedHashMap<>();
        socket.sockname().ifPresent(name -> fields.put("sockname", name));
        if (!worker.takesHandoffs()) {
            feeds.put(worker, new NodeFeed(worker.link(), key.wireName(), this));
            return new Admission(fields, null);
        }
        HandoffFeed feed = HandoffFeed.open(loop, this);
        feeds.put(worker, feed);
        fields.put("handoff", true);
        return new Admission(fields, new Handle(Handle.NET_NATIVE, feed.workerEnd()));
    }

    @Override
    public void admitted(ForkedWorker worker) {
        freed(feeds.get(worker));
    }

    // Accepting.

    private void acceptAll() {
        for (int i = 0; i < ACCEPTS_PER_TURN && waiting.size() < MAX_WAITING; i++) {
            int connection = Sockets.accept(socket.descriptor());
            if (connection >= 0) {
                waiting.add(Fd.owning(connection));
                distribute();
            } else if (connection == -Errno.EAGAIN) {
                return;
            } else if (connection != -Errno.ECONNABORTED) {
                pause(-connection);
                return;
            }
        }
        showInterest();
    }

    /**
     * Out of descriptors or memory: what waits in the backlog is served once there is room again
     * (SPEC E2).
     */
    private void pause(int errno) {
        paused = true;
        showInterest();
        loop.schedule(
                PAUSE,
                () -> {
                    paused = false;
                    showInterest();
                });
        LOG.log(
                System.Logger.Level.WARNING,
                "accepting pauses errno={0} key={1}",
                Errno.name(errno),
                key.wireName());
    }

    private void showInterest() {
        if (!closed) {
            try {
                watch.interest(paused || waiting.size() >= MAX_WAITING ? 0 : Epoll.READABLE);
            } catch (PosixException e) {
                throw new IllegalStateException("cannot change what is waited for", e);
            }
        }
    }

    // Distributing.

    private void distribute() {
        boolean full = waiting.size() >= MAX_WAITING;
        while (!waiting.isEmpty() && !free.isEmpty()) {
            free.removeFirst().hand(waiting.remove());
            watchForStalls();
        }
        if (full) {
            showInterest();
        }
    }

    @Override
    public void freed(Feed feed) {
        if (feed.isActive()) {
            free.add(feed);
            distribute();
        }
    }

    @Override
    public void returned(Fd connection) {
        if (closed) {
            connection.close();
        } else {
            waiting.addFirst(connection);
            distribute();
        }
    }

    @Override
    public void refused(Feed feed) {
        loop.schedule(PAUSE, () -> freed(feed));
    }

    private void watchForStalls() {
        if (!watchingForStalls) {
            watchingForStalls = true;
            loop.schedule(STALLED_AFTER, this::reclaimStalled);
        }
    }

    private void reclaimStalled() {
        watchingForStalls = false;
        long now = System.nanoTime();
        boolean underWay = false;
        for (Feed feed : feeds.values()) {
            boolean handed = feed.handedAtNanos() != Long.MAX_VALUE;
            underWay |= handed;
            // Without another worker to serve it, a connection is where it belongs.
            if (handed && now - feed.handedAtNanos() > STALLED_AFTER.toNanos() && !free.isEmpty()) {
                feed.reclaim();
            }
        }
        if (underWay && !closed) {
            watchForStalls();
        }
    }

    // Leaving.

    @Override
    public boolean remove(ForkedWorker worker) {
        Feed feed = feeds.remove(worker);
        if (feed == null) {
            return false;
        }
        free.remove(feed);
        leaving.put(worker, feed);
        boolean last = feeds.isEmpty();
        if (last) {
            close();
        }
        feed.retire();
        return last;
    }

    @Override
    public void channelClosed(ForkedWorker worker) {
        Feed feed = leaving.get(worker);
        if (feed != null) {
            feed.channelClosed();
        }
    }

    @Override
    public void processEnded(ForkedWorker worker) {
        Feed feed = feeds.containsKey(worker) ? feeds.get(worker) : leaving.remove(worker);
        if (feed != null) {
            feed.processEnded();
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            watch.cancel();
        } catch (PosixException e) {
            LOG.log(System.Logger.Level.WARNING, "cannot stop watching " + key.wireName(), e);
        }
        socket.close();
        waiting.forEach(Fd::close);
        waiting.clear();
        free.clear();
    }
}
