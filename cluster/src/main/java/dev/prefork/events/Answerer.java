package dev.prefork.events;

import dev.prefork.Message;
import dev.prefork.RefusedException;
import dev.prefork.Subscription;

import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The listener that answers questions: there is one at most, as a question has one answer. Safe for
 * any thread, but {@link #hear} is for the event thread.
 *
 * @param <E> how a question is brought to it
 */
public final class Answerer<E> {
    /** An object of its own for each registration. */
    private static final class Entry<E> {
        private final Consumer<E> listener;

        Entry(Consumer<E> listener) {
            this.listener = listener;
        }
    }

    private final AtomicReference<Entry<E>> current = new AtomicReference<>();

    /**
     * Makes this one the listener.
     *
     * @throws IllegalStateException when there is one
     */
    public Subscription set(Consumer<E> listener) {
        Entry<E> entry = new Entry<>(listener);
        if (!current.compareAndSet(null, entry)) {
            throw new IllegalStateException(
                    "there is an onAsk listener already, and a question has one answer: close its"
                            + " subscription first, or let one listener tell the kinds apart, as"
                            + " records of a sealed interface");
        }
        return () -> current.compareAndSet(entry, null);
    }

    public boolean isThere() {
        return current.get() != null;
    }

    /** Brings it the question; false when there is none. */
    public boolean hear(E question) {
        Entry<E> entry = current.get();
        if (entry != null) {
            EventThread.guard(() -> entry.listener.accept(question));
        }
        return entry != null;
    }

    /**
     * Answers the question with what the function makes of it, now or when that is complete. What
     * the function throws is a refusal; it is reported as well, unless it was meant as one.
     */
    public static <Q> void answer(Message question, Class<Q> type, Function<Q, ?> function) {
        Q content;
        try {
            content = question.as(type);
        } catch (IllegalArgumentException misfit) {
            question.refuse(misfit.getMessage());
            return;
        }
        Object value;
        try {
            value = function.apply(content);
        } catch (Throwable fault) {
            refuse(question, fault);
            return;
        }
        if (value instanceof CompletionStage<?> later) {
            var _ = later.whenComplete((known, fault) -> finish(question, known, fault));
        } else {
            reply(question, value);
        }
    }

    private static void finish(Message question, Object value, Throwable fault) {
        if (fault == null) {
            reply(question, value);
        } else {
            boolean isWrapped = fault instanceof CompletionException && fault.getCause() != null;
            refuse(question, isWrapped ? fault.getCause() : fault);
        }
    }

    private static void reply(Message question, Object value) {
        try {
            question.reply(value);
        } catch (IllegalArgumentException noJson) {
            refuse(question, noJson);
        }
    }

    private static void refuse(Message question, Throwable fault) {
        if (fault instanceof RefusedException meant) {
            question.refuse(meant.getMessage());
        } else {
            question.refuse(fault.toString());
            EventThread.report(fault);
        }
    }
}
