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

    /** Made when it is asked for: its class brings the common pool in, which main may set up. */
    private final AtomicReference<EventFuture<Void>> awaited = new AtomicReference<>();

    private volatile boolean isOver;

    /**
     * @param name of the other process
     */
    Room(String name, EventThread eventThread) {
        this.name = name;
        this.eventThread = eventThread;
    }

    Subscription add(Consumer<? super Room> listener) {
        return listeners.add(listener);
    }

    /** Done when there is room the next time. To be asked for before that which may find none. */
    CompletableFuture<Void> next() {
        EventFuture<Void> next =
                awaited.updateAndGet(
                        asked -> asked == null ? new EventFuture<>(eventThread) : asked);
        if (isOver) {
            fail(next);
        }
        return next;
    }

    /** There is. On the event thread. */
    void isThere() {
        EventFuture<Void> asked = awaited.getAndSet(null);
        if (asked != null) {
            EventThread.guard(() -> asked.happen(null));
        }
        listeners.emit(this);
    }

    /** There never will be any more. On the event thread. */
    void over() {
        isOver = true;
        EventFuture<Void> asked = awaited.get();
        if (asked != null) {
            fail(asked);
        }
    }

    private void fail(EventFuture<Void> asked) {
        asked.cannotHappen(new DisconnectedException(name + " is disconnected"));
    }
}
