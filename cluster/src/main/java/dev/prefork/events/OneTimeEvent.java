package dev.prefork.events;

import dev.prefork.Subscription;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * An event that happens at most once, and of which those who ask later are told as well (SPEC D1).
 * Safe for any thread.
 */
public final class OneTimeEvent<T> {
    private final EventThread eventThread;
    private final Listeners<T> listeners = new Listeners<>();
    private final EventFuture<T> future;
    private T event;
    private boolean happened;

    public OneTimeEvent(EventThread eventThread) {
        this.eventThread = eventThread;
        this.future = new EventFuture<>(eventThread);
    }

    public Subscription add(Consumer<? super T> listener) {
        T already;
        synchronized (this) {
            if (!happened) {
                return listeners.add(listener);
            }
            already = event;
        }
        Listeners<T> late = new Listeners<>();
        Subscription subscription = late.add(listener);
        eventThread.execute(() -> late.emit(already));
        return subscription;
    }

    /** Done when the event has happened; the same for all. */
    public CompletableFuture<T> future() {
        return future;
    }

    public synchronized boolean hasHappened() {
        return happened;
    }

    /** It will not happen any more: the future fails, unless it has happened. */
    public void cannotHappen(Exception reason) {
        future.cannotHappen(reason);
    }

    /** Tells all listeners, and whoever waits for the future. On the event thread. */
    public void fire(T what) {
        synchronized (this) {
            if (happened) {
                return;
            }
            happened = true;
            event = what;
        }
        // Without the lock: what depends on the future runs here, and may ask of other threads what
        // needs it.
        EventThread.guard(() -> future.happen(what));
        listeners.emit(what);
    }
}
