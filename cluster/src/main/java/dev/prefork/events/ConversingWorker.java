package dev.prefork.events;

import dev.prefork.Message;
import dev.prefork.SendOptions;
import dev.prefork.Subscription;
import dev.prefork.Worker;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;

/** What a worker is in both roles: one end of a conversation. */
public abstract class ConversingWorker implements Worker {
    /** That with the process at the other end of the worker's channel. */
    protected abstract Conversation conversation();

    @Override
    public final Subscription onMessage(Consumer<Message> listener) {
        return conversation().onMessage(listener);
    }

    @Override
    public final <T> Subscription onMessage(Class<T> type, Consumer<T> listener) {
        Objects.requireNonNull(type, "type is null");
        Objects.requireNonNull(listener, "listener is null");
        return conversation().onMessage(message -> read(message, type, listener));
    }

    /** Tells the listener, or an error if the message is none of the type. */
    public final <T> void read(Message message, Class<T> type, Consumer<T> listener) {
        T value;
        try {
            value = message.as(type);
        } catch (IllegalArgumentException misfit) {
            conversation().error(misfit);
            return;
        }
        listener.accept(value);
    }

    @Override
    public final <Q> Subscription onAsk(Class<Q> type, Function<Q, ?> answer) {
        Objects.requireNonNull(type, "type is null");
        Objects.requireNonNull(answer, "answer is null");
        return conversation().onAsk(question -> Answerer.answer(question, type, answer));
    }

    @Override
    public final CompletableFuture<Message> ask(Object message, Duration patience) {
        return conversation().ask(message, patience);
    }

    @Override
    public final <A> CompletableFuture<A> ask(Object message, Class<A> type, Duration patience) {
        Objects.requireNonNull(type, "type is null");
        return ask(message, patience).thenApply(answer -> answer.as(type));
    }

    @Override
    public final CompletableFuture<Void> sendAsync(Object message) {
        return conversation().sendAsync(message);
    }

    @Override
    public final Subscription onDrain(Runnable listener) {
        return conversation().onDrain(listener);
    }

    @Override
    public final Subscription onError(Consumer<Exception> listener) {
        return conversation().onError(listener);
    }

    @Override
    public final boolean send(Object message) {
        return conversation().send(message);
    }

    @Override
    public final boolean send(Object message, Consumer<Optional<Exception>> callback) {
        return conversation().send(message, callback);
    }

    @Override
    public final boolean send(Object message, Object handle, SendOptions options) {
        return conversation().send(message, handle, options);
    }

    @Override
    public final boolean send(
            Object message,
            Object handle,
            SendOptions options,
            Consumer<Optional<Exception>> callback) {
        return conversation().send(message, handle, options, callback);
    }
}
