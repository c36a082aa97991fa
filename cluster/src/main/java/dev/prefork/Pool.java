package dev.prefork;

import dev.prefork.keep.Keeper;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Workers that are kept running, as {@code prefork run} keeps its own: what {@link Cluster#keep}
 * returns. One that dies is replaced: at once after it has served, else after a pause that grows
 * from 0.1 to 30 seconds; when five have died in a row and none has ever served, the pool gives up.
 * One that ends with code 0 before it has ever listened has done its work, and is not replaced.
 *
 * <p>Each worker has a {@link Slot}, whose ports stay open between two of them. While the JVM ends
 * the pool lets its workers serve what they have, for as long as its settings say.
 *
 * <p>Safe for any thread; futures are completed on {@code cluster-events}. The pool decides on a
 * thread of its own, {@code cluster-keeper}, which keeps the JVM running until the pool has ended.
 */
public final class Pool implements AutoCloseable {
    /** How long {@link #close} waits before it kills. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Keeper keeper;

    Pool(Keeper keeper) {
        this.keeper = keeper;
    }

    /** How many workers there shall be now. */
    public int size() {
        return keeper.size();
    }

    /**
     * The workers whose processes live, by id: those that serve, those that come and those that go.
     */
    public Map<Integer, Worker> workers() {
        return keeper.workers();
    }

    /**
     * Changes how many there shall be: starts some more, or lets some leave.
     *
     * @param workers from 1
     */
    public void scale(int workers) {
        if (workers < 1) {
            throw new IllegalArgumentException("workers=" + workers + ": at least 1");
        }
        keeper.scale(workers);
    }

    /**
     * Replaces all workers, one after the other, by new ones with the settings that {@link
     * Cluster#setupPrimary} says now: the new one first, and when it listens on every address of
     * the old one, and goes on for a while, the old one leaves. If one of the new ones fails, those
     * that had taken a place are replaced by old ones again.
     *
     * @return done when all are new; it fails with {@link PoolException} when one of them died or
     *     did not listen in time, and all are as before
     */
    public CompletableFuture<Void> reload() {
        return keeper.reload();
    }

    /**
     * All serve.
     *
     * @return done when as many as there shall be listen, or have run for a while without; fails
     *     with {@link PoolException} when the pool ends before
     */
    public CompletableFuture<Void> listening() {
        return keeper.listening();
    }

    /**
     * The end of the pool.
     *
     * @return done when no worker is left and none will come: all have done their work, or were
     *     asked to leave. It fails with {@link PoolException} when the pool gave up. {@code
     *     pool.ended().join()} at the end of main makes that the exit code 1 of the primary
     */
    public CompletableFuture<Void> ended() {
        return keeper.ended();
    }

    /**
     * Lets all workers leave: no port takes connections any more, those that there are may end.
     *
     * @param patience after which those that are left are killed; the pool's own {@code stop} is
     *     the longest
     * @return done when all processes have exited
     */
    public CompletableFuture<Void> disconnect(Duration patience) {
        return keeper.disconnect(Objects.requireNonNull(patience, "patience is null"));
    }

    /** Lets all workers leave. */
    void letGo() {
        keeper.leave();
    }

    /** All its workers have ended: so does its thread. */
    void awaitEnd() {
        keeper.awaitEnd();
    }

    /**
     * What goes on, in sentences, as {@code prefork run} prints them. Without a listener the bad
     * news are logged.
     */
    public Subscription onNews(Consumer<String> listener) {
        return keeper.onNews(listener);
    }

    /**
     * {@link #disconnect} with 10 seconds, and waits for it.
     *
     * @throws IllegalStateException in a listener, which would wait for itself
     */
    @Override
    public void close() {
        var _ = disconnect(PATIENCE).handle((_, gaveUp) -> gaveUp).join();
    }
}
