package dev.prefork.events;

import dev.prefork.Message;
import dev.prefork.SendOptions;
import dev.prefork.Subscription;
import dev.prefork.Worker;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

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
