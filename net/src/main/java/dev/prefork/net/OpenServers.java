package dev.prefork.net;

import dev.prefork.log.LazyLogger;

import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a graceful disconnect has to know: the servers that are bound through the cluster, and how
 * many of the connections they accepted are open. Servers and connections that are the JVM's own do
 * not count, as in Node. Safe for any thread.
 */
public final class OpenServers {
    /** A server that is bound through the cluster. */
    interface Server {
        /**
         * Gives up the source of connections, so that no new ones come, and leaves the
         * application's server open and silent. Can be called again. Called without a lock held.
         *
         * @throws Exception it may not be silent; it has told its source all the same
         */
        void fallSilent() throws Exception;
    }

    private static final LazyLogger LOG = new LazyLogger(OpenServers.class);
    private static final OpenServers OF_THIS_PROCESS = new OpenServers();

    private final Set<Server> servers = new HashSet<>();

    /**
     * Made by the first retire: to make the first CompletableFuture of a JVM makes the common pool,
     * which a program may still choose in its main.
     */
    private volatile CompletableFuture<Void> allClosed;

    /**
     * Connections that are open, and those that a server is trying to take at this moment: counted
     * first and taken afterwards, so that no moment exists in which a taken one is not counted.
     */
    private final AtomicInteger connections = new AtomicInteger();

    /** Those, except in the moment of their taking, if anybody wants to know when they are idle. */
    private final Set<OpenConnection> watched = ConcurrentHashMap.newKeySet();

    private volatile Optional<Duration> grace = Optional.empty();
    private volatile Runnable beforeRefusal = () -> {};

    private volatile boolean retiring;
    private boolean served;

    /** Whether all servers have given up their sources: the count cannot rise for long any more. */
    private volatile boolean silent;

    OpenServers() {}

    public static OpenServers ofThisProcess() {
        return OF_THIS_PROCESS;
    }

    /** Whether a server was ever bound through the cluster in this process. */
    public synchronized boolean everServed() {
        return served;
    }

    /**
     * From now on connections are watched, so that those that nobody uses can be closed at the end.
     *
     * @param silence how long they may be silent then
     */
    public void closeIdleAfter(Duration silence) {
        grace = Optional.of(silence);
    }

    /**
     * How many accepted connections are open, for people: it may be one too many for an instant.
     */
    public int openConnections() {
        return connections.get();
    }

    /**
     * Ends the taking of connections: every server falls silent, though the application's channels
     * stay open (real servers log errors or spin if their channel is closed under them), and later
     * binds of what is shared are refused. Returns when no server can take a connection any more;
     * one that could not be silenced is logged and counts as silent.
     *
     * @return complete when all accepted connections are closed, on the thread that closes the last
     *     one, or now if there are none; the same for every call
     */
    public CompletableFuture<Void> retire() {
        List<Server> open;
        synchronized (this) {
            retiring = true;
            if (allClosed == null) {
                allClosed = new CompletableFuture<>();
            }
            open = List.copyOf(servers);
        }
        List<Throwable> faults = new ArrayList<>();
        for (Server server : open) {
            try {
                server.fallSilent();
            } catch (Throwable fault) {
                // The others are to fall silent too, and the leave is to end: this one counts.
                faults.add(fault);
                remove(server);
            }
        }
        silent = true;
        completeIfIdle();
        faults.forEach(OpenServers::report);
        return allClosed;
    }

    private static void report(Throwable fault) {
        try {
            LOG.get().log(System.Logger.Level.WARNING, "a server did not fall silent", fault);
        } catch (LinkageError | ServiceConfigurationError unloggable) {
            // Without descriptors not even the logger's classes may load: the leave goes on.
            fault.addSuppressed(unloggable);
        }
    }

    /**
     * Refuses the bind of what would be shared, before the primary is asked. What is the worker's
     * own goes on until its end: the data port of a transfer, the socket of a look-up.
     *
     * @throws SocketException if the worker is disconnecting
     */
    public void checkNotRetiring() throws SocketException {
        if (isRetiring()) {
            throw refusal();
        }
    }

    private synchronized boolean isRetiring() {
        return retiring;
    }

    /** Sets what the thread of a bind does that comes too late, before it is told; it may stay. */
    public void beforeRefusal(Runnable what) {
        beforeRefusal = what;
    }

    /** What a bind throws that comes too late, if it ever does. Called without a lock held. */
    public SocketException refusal() {
        beforeRefusal.run();
        return new WorkerLeavingException();
    }

    /**
     * Enters a server. It must hold, from before this call until it can be silenced, a lock that
     * its {@link Server#fallSilent} takes: else a retire in between would miss its source.
     *
     * @throws SocketException if the worker is disconnecting; then the server was not entered
     */
    synchronized void add(Server server) throws SocketException {
        if (retiring) {
            throw new WorkerLeavingException();
        }
        servers.add(server);
        served = true;
    }

    synchronized void remove(Server server) {
        servers.remove(server);
    }

    /**
     * Closes what nobody uses of the connections, if that was asked for. Call it again and again
     * once this worker retires; each call takes a few system calls for each connection.
     */
    public void closeIdle() {
        grace.ifPresent(silence -> watched.forEach(connection -> connection.closeIfIdle(silence)));
    }

    /** Called before a server tries to take a connection. */
    OpenConnection opening() {
        connections.incrementAndGet();
        if (grace.isEmpty()) {
            return OpenConnection.unwatched(this::connectionClosed);
        }
        OpenConnection connection = OpenConnection.watched(this::watchedClosed, () -> retiring);
        watched.add(connection);
        return connection;
    }

    private void watchedClosed(OpenConnection connection) {
        watched.remove(connection);
        connectionClosed();
    }

    /** There was none, or it has been closed. */
    private void connectionClosed() {
        if (connections.decrementAndGet() == 0) {
            completeIfIdle();
        }
    }

    // Either the thread that closes the last connection sees silent, or retire sees no
    // connection.
    private void completeIfIdle() {
        if (silent && connections.get() == 0) {
            var _ = allClosed.complete(null);
        }
    }
}
