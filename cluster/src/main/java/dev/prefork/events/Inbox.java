package dev.prefork.events;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Messages on their way to listeners; those that come before there is any listener wait for the
 * first one (SPEC C5).
 *
 * <p>Belongs to the event thread, except {@link #listenerAdded}, which is safe for any.
 */
public final class Inbox<T> {
    private final Executor eventThread;
    private final BooleanSupplier hasListener;
    private final Consumer<T> emit;
    private final ArrayDeque<T> waiting = new ArrayDeque<>();

    public Inbox(Executor eventThread, BooleanSupplier hasListener, Consumer<T> emit) {
        this.eventThread = eventThread;
        this.hasListener = hasListener;
        this.emit = emit;
    }

    public void deliver(T message) {
        waiting.add(message);
        drain();
    }

    public void listenerAdded() {
        eventThread.execute(this::drain);
    }

    private void drain() {
        while (!waiting.isEmpty() && hasListener.getAsBoolean()) {
            emit.accept(waiting.remove());
        }
    }
}
