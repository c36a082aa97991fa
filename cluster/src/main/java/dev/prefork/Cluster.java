package dev.prefork;

import dev.prefork.worker.WorkerRuntime;

import java.io.IOException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The cluster, as a module is in Node: one for each process. Node: {@code require('cluster')}.
 *
 * <p>The same program runs in every process. {@link #isPrimary} tells which role this one has; a
 * primary forks workers, and servers that workers bind to the same address share it. Methods that
 * are for one role only throw IllegalStateException in the other. All are safe for any thread;
 * listeners run on {@code cluster-events}, one at a time and in the order of the events. What Node
 * calls {@code cluster.on('exit', …)} is {@link #onExit} here, and so on. A program that supervises
 * several others, or must end its cluster before itself, creates a {@link Prefork} for each.
 */
public final class Cluster {
    private static final WorkerRuntime WORKER = WorkerRuntime.ofProgram().orElse(null);
    private static final Prefork PRIMARY = WORKER == null ? Prefork.create() : null;

    private Cluster() {}

    // Roles.

    /**
     * True unless this process was forked by a primary: NODE_UNIQUE_ID was not set when it started.
     */
    public static boolean isPrimary() {
        return WORKER == null;
    }

    /** The contrary of {@link #isPrimary}. */
    public static boolean isWorker() {
        return WORKER != null;
    }

    /** Node's older name for {@link #isPrimary}. */
    public static boolean isMaster() {
        return isPrimary();
    }

    /** The worker that this process is; Node: cluster.worker. Workers only. */
    public static Worker worker() {
        if (WORKER == null) {
            throw new IllegalStateException(
                    "Cluster.worker() is for workers; this is the primary: see Cluster.workers()");
        }
        return WORKER.self();
    }

    private static Prefork primary(String method) {
        if (PRIMARY == null) {
            throw new IllegalStateException(
                    "Cluster."
                            + method
                            + " is for the primary; this is worker "
                            + WORKER.self().id());
        }
        return PRIMARY;
    }

    // Forking.

    /**
     * Starts a worker: a new process, with this program in it unless {@link #setupPrimary} said
     * otherwise. It is connected on return, and not yet online. Primary only.
     *
     * @throws ForkException when the process cannot be started; the id is used up all the same
     */
    public static Worker fork() {
        return fork(Map.of());
    }

    /**
     * As {@link #fork()}.
     *
     * @param environment added to this process's environment; a variable of the same name overrides
     */
    public static Worker fork(Map<String, String> environment) {
        return primary("fork()").fork(environment);
    }

    /**
     * As {@link #fork()}, of another program, or the same one started in another way, beside the
     * others.
     *
     * @param settings in place of those of {@link #setupPrimary}, for this worker alone; the policy
     *     and what is absent here are those of all
     */
    public static Worker fork(ClusterSettings settings) {
        return primary("fork()").fork(settings);
    }

    /**
     * Starts so many workers and keeps them running: one that dies is replaced. Node has no such
     * thing. Primary only.
     *
     * @throws IllegalStateException when there is a pool already
     */
    public static Pool keep(int workers) {
        return primary("keep()").keep(workers);
    }

    /** As {@link #keep(int)}, with what else can be said. Primary only. */
    public static Pool keep(PoolSettings settings) {
        return primary("keep()").keep(settings);
    }

    /**
     * The workers by id, as Node has them: one that is told to disconnect is gone from here at
     * once, while it may serve for long; see {@link #living}. One that goes without being told is
     * gone before the last of 'disconnect' and 'exit' is. A view that changes as they come and go.
     * Primary only.
     */
    public static Map<Integer, Worker> workers() {
        return primary("workers()").workers();
    }

    /**
     * The workers by id whose process has not ended, told to disconnect or not: each until just
     * before its 'exit'. A view that changes as they come and go. Node has no such thing. Primary
     * only.
     */
    public static Map<Integer, Worker> living() {
        return primary("living()").living();
    }

    /**
     * Sends a message to each of {@link #workers}; it is made to JSON once. Primary only.
     *
     * @param message what {@link Worker#send} takes
     * @return false when there is no room for more at one of them, as {@link Worker#send(Object)}
     */
    public static boolean broadcast(Object message) {
        return primary("broadcast()").broadcast(message);
    }

    // Settings.

    /**
     * What the next fork() starts: empty before the first fork() or setupPrimary(). Primary only.
     */
    public static ClusterSettings settings() {
        return primary("settings()").settings();
    }

    /** Fixes the defaults of {@link #settings}. Primary only. */
    public static void setupPrimary() {
        setupPrimary(ClusterSettings.empty());
    }

    /**
     * Changes the settings that are given, for later forks; the first call also fixes the defaults
     * of the others, and the {@link #schedulingPolicy}. Primary only.
     */
    public static void setupPrimary(ClusterSettings settings) {
        primary("setupPrimary()").setup(settings);
    }

    /**
     * As {@link #setupPrimary(ClusterSettings)}, but forgets what was set before: a setting that is
     * absent here goes back to its default. Node has no such thing. Primary only.
     */
    public static void resetPrimary(ClusterSettings settings) {
        primary("resetPrimary()").reset(settings);
    }

    /** Node's older name for {@link #setupPrimary()}. */
    public static void setupMaster() {
        setupPrimary();
    }

    /** Node's older name for {@link #setupPrimary(ClusterSettings)}. */
    public static void setupMaster(ClusterSettings settings) {
        setupPrimary(settings);
    }

    /**
     * How connections reach workers: ROUND_ROBIN unless set here or by NODE_CLUSTER_SCHED_POLICY.
     * Primary only.
     */
    public static SchedulingPolicy schedulingPolicy() {
        return primary("schedulingPolicy()").schedulingPolicy();
    }

    /**
     * Sets the policy for all servers. Primary only.
     *
     * @throws IllegalStateException after the first fork() or setupPrimary(), when it cannot change
     *     any more
     */
    public static void schedulingPolicy(SchedulingPolicy policy) {
        primary("schedulingPolicy()").schedulingPolicy(policy);
    }

    /** As {@link Prefork#balancers}. Node has no such thing. Primary only. */
    public static void balancers(Function<ListeningAddress, Balancer> byAddress) {
        primary("balancers()").balancers(byAddress);
    }

    // Listening.

    /**
     * Listens as Node's server.listen(options) does, for what a bind of the JDK cannot say; all
     * other servers need no call of ours. In a worker the primary is asked, unless the options are
     * exclusive; in any other process it is the plain thing.
     *
     * @return bound, and in every other way as one of ServerSocketChannel.open()
     * @throws java.net.BindException when the address is in use or not allowed
     * @throws IllegalArgumentException when the options do not go together
     */
    public static ServerSocketChannel listen(ListenOptions options) throws IOException {
        return Objects.requireNonNull(options, "options is null").listen();
    }

    /**
     * Binds a datagram channel as Node's socket.bind(options) does, for what a bind of the JDK
     * cannot say; otherwise DatagramChannel.open().bind(…) is the same. The workers share the
     * socket, unless the options are exclusive.
     *
     * @throws java.net.BindException when the address is in use or not allowed
     * @throws IllegalArgumentException when the options do not go together
     */
    public static DatagramChannel bind(ListenOptions options) throws IOException {
        return Objects.requireNonNull(options, "options is null").bind();
    }

    /** What was counted until now at each address that workers listen on. Primary only. */
    public static List<ListenerStats> listenerStats() {
        return primary("listenerStats()").listenerStats();
    }

    // The end.

    /**
     * Disconnects every worker. Primary only.
     *
     * @return done on cluster-events when all have disconnected and no port is open any more
     */
    public static CompletableFuture<Void> disconnect() {
        return primary("disconnect()").disconnect();
    }

    /** As {@link #disconnect()}, with a callback on cluster-events. Primary only. */
    public static void disconnect(Runnable callback) {
        primary("disconnect()").disconnect(callback);
    }

    // Events. Primary only.

    /** 'fork': a worker was forked; after fork() has returned or while it returns. */
    public static Subscription onFork(Consumer<Worker> listener) {
        return primary("onFork()").onFork(listener);
    }

    /** 'online': a worker's process runs. */
    public static Subscription onOnline(Consumer<Worker> listener) {
        return primary("onOnline()").onOnline(listener);
    }

    /** 'listening': a worker listens on an address; once for each. */
    public static Subscription onListening(BiConsumer<Worker, ListeningAddress> listener) {
        return primary("onListening()").onListening(listener);
    }

    /**
     * 'message': a message came from any worker. Those that came before there was any listener,
     * here or on the worker, are kept for the first; see {@link Worker#onMessage}.
     */
    public static Subscription onMessage(BiConsumer<Worker, Message> listener) {
        return primary("onMessage()").onMessage(listener);
    }

    /**
     * As {@link #onMessage(BiConsumer)}, with each message as the application's own type; see
     * {@link Worker#onMessage(Class, Consumer)}.
     */
    public static <T> Subscription onMessage(Class<T> type, BiConsumer<Worker, T> listener) {
        return primary("onMessage()").onMessage(type, listener);
    }

    /**
     * Answers the questions of all workers that have no listener of their own for them; see {@link
     * Worker#onAsk}.
     *
     * @throws IllegalStateException when there is one already
     */
    public static <Q> Subscription onAsk(Class<Q> type, BiFunction<Worker, Q, ?> answer) {
        return primary("onAsk()").onAsk(type, answer);
    }

    /** 'disconnect': a worker's channel is closed; before or after 'exit'. */
    public static Subscription onDisconnect(Consumer<Worker> listener) {
        return primary("onDisconnect()").onDisconnect(listener);
    }

    /** 'exit': a worker's process has ended; before or after 'disconnect'. */
    public static Subscription onExit(BiConsumer<Worker, Exit> listener) {
        return primary("onExit()").onExit(listener);
    }

    /**
     * 'setup': {@link #setupPrimary} was called, or the first fork() did; with the settings as of
     * that call.
     */
    public static Subscription onSetup(Consumer<ClusterSettings> listener) {
        return primary("onSetup()").onSetup(listener);
    }
}
