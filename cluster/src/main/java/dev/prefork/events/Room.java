package dev.prefork.events;

import dev.prefork.DisconnectedException;
import dev.prefork.Subscription;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Room for more messages, for whoever was told to wait. Safe for any thread; what is told is told
 * on the event thread.
 */
final class Room {
    private final String name;
    private final EventThread eventThread;
    private final Listeners<Room> listeners = new Listeners<>();
    private final AtomicReference<EventFuture<Void>> next;

    /**
     * @param name of the other process
     */
    Room(String name, EventThread eventThread) {
        this.name = name;
        this.eventThread = eventThread;
        this.next = new AtomicReference<>(new EventFuture<>(eventThread));
    }

    Subscription add(Consumer<? super Room> listener) {
        return listeners.add(listener);
    }

    /** Done when there is room the next time. To be asked for before that which may find none. */
    CompletableFuture<Void> next() {
        return next.get();
    }

    /** There is. On the event thread. */
    void isThere() {
        EventFuture<Void> awaited = next.getAndSet(new EventFuture<>(eventThread));
        EventThread.guard(() -> awaited.happen(null));
        listeners.emit(this);
    }

    /** There never will be any more. On the event thread. */
    void over() {
        next.get().cannotHappen(new DisconnectedException(name + " is disconnected"));
    }
}
