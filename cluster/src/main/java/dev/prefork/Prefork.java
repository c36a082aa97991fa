package dev.prefork;

import dev.prefork.events.Answerer;
import dev.prefork.events.ConversingWorker;
import dev.prefork.keep.Keeper;
import dev.prefork.primary.ClusterEvents;
import dev.prefork.primary.Primary;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A primary of one's own, with settings, workers and ports of its own: several in one process
 * supervise different programs. {@link Cluster} is the one that Node has, and the methods here are
 * those of its document; what they do is said there.
 *
 * <pre>{@code
 * try (Prefork shop = Prefork.create(ClusterSettings.builder().exec("shop.jar").build())) {
 *     shop.onExit((worker, exit) -> shop.slot(0).fork(Map.of()));
 *     shop.slot(0).fork(Map.of());
 *     ...
 * }
 * }</pre>
 *
 * <p>A process that is a worker itself may have some too. Safe for any thread; listeners run on one
 * thread of this primary, {@code cluster-events}, in the order of the events, one at a time.
 */
public final class Prefork implements AutoCloseable {
    /** How long {@link #close} waits for a worker's connections and for its end. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final String NO_LISTENER = "listener is null";

    private final Primary primary = new Primary();

    /** The last one. */
    private Pool pool;

    private Prefork() {}

    /** A primary whose settings are those of {@link #setup}, or else this program's. */
    public static Prefork create() {
        return new Prefork();
    }

    /** A primary with these settings. */
    public static Prefork create(ClusterSettings settings) {
        Prefork prefork = new Prefork();
        prefork.setup(settings);
        return prefork;
    }

    // Settings.

    /** What the next fork starts: empty before the first fork or setup. */
    public ClusterSettings settings() {
        return primary.settings();
    }

    /** As {@link Cluster#setupPrimary(ClusterSettings)}. */
    public void setup(ClusterSettings settings) {
        primary.setup(settings);
    }

    /** As {@link Cluster#resetPrimary}. */
    public void reset(ClusterSettings settings) {
        primary.reset(settings);
    }

    /** How connections reach workers. */
    public SchedulingPolicy schedulingPolicy() {
        return primary.schedulingPolicy();
    }

    /**
     * Sets the policy for all servers.
     *
     * @throws IllegalStateException after the first fork or setup, when it cannot change any more
     */
    public void schedulingPolicy(SchedulingPolicy policy) {
        primary.schedulingPolicy(policy);
    }

    /**
     * Says which worker gets a connection, under {@link SchedulingPolicy#ROUND_ROBIN}. For
     * addresses of connections, TCP and Unix, that are opened from now on: those that are open keep
     * what they have, so that the time for it is before the first fork. A port that is one slot's
     * alone has none.
     *
     * @param byAddress asked when an address is opened, as the worker has named it: port 0 is any
     *     free one. A balancer is for one address. Called on {@code cluster-loop}; the same holds
     *     as in {@link Balancer}
     */
    public void balancers(Function<ListeningAddress, Balancer> byAddress) {
        primary.balancers(byAddress);
    }

    // Workers.

    /** As {@link Cluster#fork()}. */
    public Worker fork() {
        return fork(Map.of());
    }

    /** As {@link Cluster#fork(Map)}. */
    public Worker fork(Map<String, String> environment) {
        return primary.fork(ClusterSettings.empty(), environment);
    }

    /** As {@link Cluster#fork(ClusterSettings)}. */
    public Worker fork(ClusterSettings settings) {
        return primary.fork(settings, Map.of());
    }

    /**
     * The slot of this number, from 0: the same one until it is closed, then a new one. Its ports
     * stay open between its workers.
     */
    public Slot slot(int number) {
        return primary.slot(number);
    }

    /** As {@link Cluster#workers}. */
    public Map<Integer, Worker> workers() {
        return primary.workers();
    }

    /** As {@link Cluster#living}. */
    public Map<Integer, Worker> living() {
        return primary.living();
    }

    /** As {@link Cluster#listenerStats}. */
    public List<ListenerStats> listenerStats() {
        return primary.listenerStats();
    }

    /** As {@link Cluster#broadcast}. */
    public boolean broadcast(Object message) {
        return primary.broadcast(message);
    }

    /** As {@link Cluster#keep(int)}. */
    public Pool keep(int workers) {
        return keep(PoolSettings.of(workers));
    }

    /** As {@link Cluster#keep(PoolSettings)}. */
    public synchronized Pool keep(PoolSettings settings) {
        Objects.requireNonNull(settings, "settings is null");
        if (pool != null && !pool.ended().isDone()) {
            throw new IllegalStateException(
                    "this primary keeps "
                            + pool.size()
                            + " workers already: scale() of that pool changes how many, and a"
                            + " Prefork of its own keeps others beside them");
        }
        pool = new Pool(Keeper.start(this, settings, events().thread()));
        return pool;
    }

    /** Nobody is replaced any more. */
    private void keepNobody() {
        lastPool().ifPresent(Pool::letGo);
    }

    private synchronized Optional<Pool> lastPool() {
        return Optional.ofNullable(pool);
    }

    // The end.

    /**
     * The first part of the end, before {@link #disconnect()} or the {@link Worker#disconnect()} of
     * all: addresses for which no {@link Slot} promises a successor take no more connections, and
     * who has connected before is given to the workers. Those that are told to leave then do so
     * when nobody waits any more.
     */
    public void takeNoMore() {
        primary.takeNoMore();
    }

    /** As {@link Cluster#disconnect()}. */
    public CompletableFuture<Void> disconnect() {
        keepNobody();
        return primary.disconnect();
    }

    /** As {@link Cluster#disconnect(Runnable)}. */
    public void disconnect(Runnable callback) {
        keepNobody();
        primary.disconnect(callback);
    }

    /**
     * Closes the slots, disconnects every worker and waits for their ends; after 10 seconds those
     * that are left are killed. No fork is possible afterwards.
     *
     * @throws IllegalStateException in a listener, which would wait for itself
     */
    @Override
    public void close() {
        keepNobody();
        primary.close(PATIENCE);
        lastPool().ifPresent(Pool::awaitEnd);
    }

    // Events.

    /** As {@link Cluster#onFork}. */
    public Subscription onFork(Consumer<Worker> listener) {
        return events().fork().add(listener);
    }

    /** As {@link Cluster#onOnline}. */
    public Subscription onOnline(Consumer<Worker> listener) {
        return events().online().add(listener);
    }

    /** As {@link Cluster#onListening}. */
    public Subscription onListening(BiConsumer<Worker, ListeningAddress> listener) {
        Objects.requireNonNull(listener, NO_LISTENER);
        return events().listening().add(event -> listener.accept(event.worker(), event.address()));
    }

    /** As {@link Cluster#onMessage}. */
    public Subscription onMessage(BiConsumer<Worker, Message> listener) {
        Objects.requireNonNull(listener, NO_LISTENER);
        Subscription subscription =
                events().messages().add(event -> listener.accept(event.worker(), event.message()));
        primary.messageListenerAdded();
        return subscription;
    }

    /** As {@link Cluster#onMessage(Class, BiConsumer)}. */
    public <T> Subscription onMessage(Class<T> type, BiConsumer<Worker, T> listener) {
        Objects.requireNonNull(type, "type is null");
        Objects.requireNonNull(listener, "listener is null");
        return onMessage(
                (worker, message) ->
                        ((ConversingWorker) worker)
                                .read(message, type, value -> listener.accept(worker, value)));
    }

    /** As {@link Cluster#onAsk}. */
    public <Q> Subscription onAsk(Class<Q> type, BiFunction<Worker, Q, ?> answer) {
        Objects.requireNonNull(type, "type is null");
        Objects.requireNonNull(answer, "answer is null");
        Subscription subscription =
                events().questions()
                        .set(
                                asked ->
                                        Answerer.answer(
                                                asked.message(),
                                                type,
                                                question ->
                                                        answer.apply(asked.worker(), question)));
        primary.messageListenerAdded();
        return subscription;
    }

    /** As {@link Cluster#onDisconnect}. */
    public Subscription onDisconnect(Consumer<Worker> listener) {
        return events().disconnect().add(listener);
    }

    /** As {@link Cluster#onExit}. */
    public Subscription onExit(BiConsumer<Worker, Exit> listener) {
        Objects.requireNonNull(listener, NO_LISTENER);
        return events().exit().add(event -> listener.accept(event.worker(), event.exit()));
    }

    /** As {@link Cluster#onSetup}. */
    public Subscription onSetup(Consumer<ClusterSettings> listener) {
        return events().setup().add(listener);
    }

    /**
     * Connections wait, as the primary or a worker has no room for another; told once for an
     * episode. Without a listener it is logged. Node has no such event.
     */
    public Subscription onAcceptShortage(Consumer<AcceptShortage> listener) {
        return events().shortage().add(listener);
    }

    private ClusterEvents events() {
        return primary.events();
    }
}
