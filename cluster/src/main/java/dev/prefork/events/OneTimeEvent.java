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
    private EventFuture<T> future; // made when it is asked for, as a LateFuture
    private T event;
    private boolean happened;
    private Exception impossible;

    public OneTimeEvent(EventThread eventThread) {
        this.eventThread = eventThread;
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
    public synchronized CompletableFuture<T> future() {
        if (future == null) {
            future = new EventFuture<>(eventThread);
            if (happened) {
                var _ = future.happen(event);
            } else if (impossible != null) {
                future.cannotHappen(impossible);
            }
        }
        return future;
    }

    public synchronized boolean hasHappened() {
        return happened;
    }

    /** It will not happen any more: the future fails, unless it has happened. */
    public void cannotHappen(Exception reason) {
        EventFuture<T> asked;
        synchronized (this) {
            impossible = reason;
            asked = future;
        }
        if (asked != null) {
            asked.cannotHappen(reason);
        }
    }

    /** Tells all listeners, and whoever waits for the future. On the event thread. */
    public void fire(T what) {
        EventFuture<T> asked;
        synchronized (this) {
            if (happened) {
                return;
            }
            happened = true;
            event = what;
            asked = future;
        }
        // Without the lock: what depends on the future runs here, and may ask of other threads what
        // needs it.
        if (asked != null) {
            EventThread.guard(() -> asked.happen(what));
        }
        listeners.emit(what);
    }
}
