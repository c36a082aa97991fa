package dev.prefork.events;

import dev.prefork.Subscription;

import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * The listeners of one event that can happen again and again. {@link #add} is safe for any thread.
 */
public final class Listeners<T> {
    /** An object of its own for each registration: the same listener may be there twice. */
    private record Entry<T>(Consumer<? super T> listener) {
        Entry {
            Objects.requireNonNull(listener, "listener is null");
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    private final CopyOnWriteArrayList<Entry<T>> entries = new CopyOnWriteArrayList<>();

    public Subscription add(Consumer<? super T> listener) {
        Entry<T> entry = new Entry<>(listener);
        entries.add(entry);
        return () -> entries.remove(entry);
    }

    public boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Calls every listener. On the event thread. */
    public void emit(T event) {
        for (Entry<T> entry : entries) {
            EventThread.guard(() -> entry.listener().accept(event));
        }
    }
}
