package dev.prefork.events;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A future that an event completes. To wait for it in a listener would be to wait for oneself, as
 * one thread tells all events: that is refused with a sentence.
 *
 * <p>So are the stages that depend on it, unless they are made by a method that knows only
 * CompletableFuture: {@code allOf} and {@code anyOf}.
 *
 * <p>There is one for each event, whoever asks: completing it from outside has no effect, and what
 * is given a timeout is a copy.
 */
final class EventFuture<T> extends CompletableFuture<T> {
    private final EventThread eventThread;
    private final boolean isOfTheEvent;

    EventFuture(EventThread eventThread) {
        this(eventThread, true);
    }

    private EventFuture(EventThread eventThread, boolean isOfTheEvent) {
        this.eventThread = eventThread;
        this.isOfTheEvent = isOfTheEvent;
    }

    /** An answer: whoever asked may do without it. */
    static <T> EventFuture<T> ofAnAnswer(EventThread eventThread) {
        return new EventFuture<>(eventThread, false);
    }

    /** It has happened; false if it had before. */
    boolean happen(T event) {
        return super.complete(event);
    }

    /** It will not happen; without effect if it has. */
    void cannotHappen(Exception reason) {
        super.completeExceptionally(reason);
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new EventFuture<>(eventThread, false);
    }

    @Override
    public boolean complete(T value) {
        return !isOfTheEvent && super.complete(value);
    }

    @Override
    public boolean completeExceptionally(Throwable reason) {
        return !isOfTheEvent && super.completeExceptionally(reason);
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        return !isOfTheEvent && super.cancel(mayInterruptIfRunning);
    }

    @Override
    public void obtrudeValue(T value) {
        throw new UnsupportedOperationException("an event is not to be undone");
    }

    @Override
    public void obtrudeException(Throwable reason) {
        throw new UnsupportedOperationException("an event is not to be undone");
    }

    @Override
    public CompletableFuture<T> orTimeout(long timeout, TimeUnit unit) {
        return isOfTheEvent ? copy().orTimeout(timeout, unit) : super.orTimeout(timeout, unit);
    }

    @Override
    public CompletableFuture<T> completeOnTimeout(T value, long timeout, TimeUnit unit) {
        return isOfTheEvent
                ? copy().completeOnTimeout(value, timeout, unit)
                : super.completeOnTimeout(value, timeout, unit);
    }

    @Override
    public CompletableFuture<T> completeAsync(
            java.util.function.Supplier<? extends T> supplier, Executor executor) {
        return isOfTheEvent
                ? copy().completeAsync(supplier, executor)
                : super.completeAsync(supplier, executor);
    }

    @Override
    public T join() {
        refuseWhereNeeded();
        return super.join();
    }

    @Override
    public T get() throws InterruptedException, ExecutionException {
        refuseWhereNeeded();
        return super.get();
    }

    @Override
    public T get(long timeout, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException {
        refuseWhereNeeded();
        return super.get(timeout, unit);
    }

    private void refuseWhereNeeded() {
        if (isDone()) {
            return;
        }
        if (eventThread.isCurrent()) {
            throw new IllegalStateException(
                    "a listener cannot wait for an event: the thread cluster-events tells one after"
                            + " the other; go on with thenAccept(…), or wait on a thread of your"
                            + " own");
        }
        if (eventThread.isOnSource()) {
            throw new IllegalStateException(
                    "a balancer cannot wait for an event: they come from the thread cluster-loop,"
                            + " which it would hold up for ever");
        }
    }
}
