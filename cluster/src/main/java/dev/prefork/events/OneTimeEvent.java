package dev.prefork.events;

import dev.prefork.Subscription;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * An event that happens at most once, and of which those who ask later are told as well (SPEC D1).
 * Safe for any thread.
 */
public final class OneTimeEvent<T> {
    private final Executor eventThread;
    private final Listeners<T> listeners = new Listeners<>();
    private final CompletableFuture<T> future = new CompletableFuture<>();

    public OneTimeEvent(Executor eventThread) {
        this.eventThread = eventThread;
    }

    public synchronized Subscription add(Consumer<? super T> listener) {
        if (!future.isDone() || future.isCompletedExceptionally()) {
            return listeners.add(listener);
        }
        Listeners<T> late = new Listeners<>();
        Subscription subscription = late.add(listener);
        eventThread.execute(() -> late.emit(future.join()));
        return subscription;
    }

    /**
     * Done when the event has happened. A copy: completing it from outside changes nothing here.
     */
    public CompletableFuture<T> future() {
        return future.copy();
    }

    public boolean hasHappened() {
        return future.isDone() && !future.isCompletedExceptionally();
    }

    /** It will not happen any more: the future fails, unless it has happened. */
    public void cannotHappen(Exception reason) {
        future.completeExceptionally(reason);
    }

    /** Tells all listeners. On the event thread. */
    public void fire(T event) {
        boolean first;
        synchronized (this) {
            first = future.complete(event);
        }
        if (first) {
            listeners.emit(event);
        }
    }
}
