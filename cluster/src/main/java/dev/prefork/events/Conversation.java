package dev.prefork.events;

import dev.prefork.Message;
import dev.prefork.SendOptions;
import dev.prefork.Subscription;
import dev.prefork.ipc.Channel;
import dev.prefork.ipc.ChannelClosedException;
import dev.prefork.ipc.Delivery;
import dev.prefork.ipc.Receipt;
import dev.prefork.log.LazyLogger;
import dev.prefork.wire.Handles;

import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The application's messages with the process at the other end of a channel, and the errors of that
 * channel. Safe for any thread.
 */
public final class Conversation {
    private static final LazyLogger LOG = new LazyLogger(Conversation.class);

    /** Who else hears the messages, after the listeners here. */
    public interface Audience {
        Audience NOBODY =
                new Audience() {
                    @Override
                    public boolean isThere() {
                        return false;
                    }

                    @Override
                    public void hear(Message message) {
                        // There is nobody.
                    }
                };

        boolean isThere();

        void hear(Message message);
    }

    private final String name;
    private final EventThread eventThread;
    private final Channel channel;
    private final Listeners<Message> messages = new Listeners<>();
    private final Listeners<Exception> errors = new Listeners<>();
    private final Inbox inbox;
    private final Unsent unsent;

    /**
     * The conversation over this channel.
     *
     * @param name of the other process, for the log
     */
    public Conversation(String name, EventThread eventThread, Channel channel, Audience audience) {
        this.name = name;
        this.eventThread = eventThread;
        this.channel = channel;
        this.unsent = new Unsent(name);
        BooleanSupplier heard = () -> !messages.isEmpty() || audience.isThere();
        this.inbox =
                new Inbox(
                        name,
                        eventThread,
                        heard,
                        message -> {
                            messages.emit(message);
                            audience.hear(message);
                        });
    }

    // What the channel brings. On any thread.

    /** A message came; the receipt is given when all listeners have had it. */
    public void message(Message message, Receipt receipt) {
        eventThread.execute(() -> inbox.deliver(message, receipt));
    }

    /** Something is wrong; without a listener it is logged. */
    public void error(Exception problem) {
        eventThread.execute(() -> tell(problem));
    }

    private void tell(Exception problem) {
        if (!errors.isEmpty()) {
            errors.emit(problem);
        } else if (problem instanceof ChannelClosedException) {
            unsent.add();
        } else {
            LOG.get().log(System.Logger.Level.WARNING, "channel error with " + name, problem);
        }
    }

    /** The channel is closed, and what was not sent has been told. */
    public void over() {
        eventThread.execute(unsent::over);
    }

    // What the application does.

    public Subscription onMessage(Consumer<Message> listener) {
        Subscription subscription = messages.add(listener);
        inbox.listenerAdded();
        return subscription;
    }

    public Subscription onError(Consumer<Exception> listener) {
        return errors.add(listener);
    }

    public boolean isListenedTo() {
        return !messages.isEmpty();
    }

    /** The audience may be there now. */
    public void audienceCame() {
        inbox.listenerAdded();
    }

    public boolean send(Object message) {
        return channel.sendMessage(value(message), this::errorIfFailed);
    }

    public boolean send(Object message, Consumer<Optional<Exception>> callback) {
        return channel.sendMessage(value(message), telling(callback));
    }

    public boolean send(Object message, Object handle, SendOptions options) {
        Object value = value(message);
        return channel.send(value, Handles.toSend(value, handle, options), this::errorIfFailed);
    }

    public boolean send(
            Object message,
            Object handle,
            SendOptions options,
            Consumer<Optional<Exception>> callback) {
        Object value = value(message);
        Delivery delivery = telling(callback);
        return channel.send(value, Handles.toSend(value, handle, options), delivery);
    }

    /** A message that came is sent on as it was; its handle is another argument. */
    private static Object value(Object message) {
        return message instanceof Message received ? received.value() : message;
    }

    private void errorIfFailed(Optional<Exception> failure) {
        failure.ifPresent(this::error);
    }

    private Delivery telling(Consumer<Optional<Exception>> callback) {
        Objects.requireNonNull(callback, "callback is null");
        return failure -> eventThread.execute(() -> callback.accept(failure));
    }
}
