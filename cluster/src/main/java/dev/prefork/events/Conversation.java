package dev.prefork.events;

import dev.prefork.Message;
import dev.prefork.SendOptions;
import dev.prefork.Subscription;
import dev.prefork.ipc.Channel;
import dev.prefork.ipc.ChannelClosedException;
import dev.prefork.ipc.Delivery;
import dev.prefork.ipc.Receipt;
import dev.prefork.json.JsonText;
import dev.prefork.log.LazyLogger;
import dev.prefork.wire.Handles;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
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

                    @Override
                    public boolean answers() {
                        return false;
                    }

                    @Override
                    public void answer(Message question) {
                        // There is nobody.
                    }
                };

        boolean isThere();

        void hear(Message message);

        /** Whether somebody there answers questions. */
        boolean answers();

        void answer(Message question);
    }

    private final String name;
    private final EventThread eventThread;
    private final Channel channel;
    private final Audience audience;
    private final Listeners<Message> messages = new Listeners<>();
    private final Answerer<Message> answerer = new Answerer<>();
    private final Listeners<Exception> errors = new Listeners<>();
    private final Inbox inbox;
    private final Unsent unsent;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong received = new AtomicLong();
    private final Questions questions;
    private final Room room;
    private final Delivery errorIfFailed = failure -> failure.ifPresent(this::error);

    /**
     * The conversation over this channel.
     *
     * @param name of the other process, for the log
     */
    public Conversation(String name, EventThread eventThread, Channel channel, Audience audience) {
        this.name = name;
        this.eventThread = eventThread;
        this.channel = channel;
        this.audience = audience;
        this.unsent = new Unsent(name);
        this.inbox = new Inbox(name, eventThread, this::isHeard, this::emit);
        this.questions = new Questions(name, eventThread);
        this.room = new Room(name, eventThread);
        channel.onDrain(() -> eventThread.execute(room::isThere));
    }

    // What the channel brings. On any thread.

    /** A message came; the receipt is given when all listeners have had it. */
    public void message(Message message, Receipt receipt) {
        eventThread.execute(() -> deliver(message, receipt));
    }

    private void deliver(Message message, Receipt receipt) {
        var _ = received.incrementAndGet();
        Envelope envelope = Envelope.of(message.as(JsonText.class)).orElse(null);
        if (envelope == null) {
            inbox.deliver(message, receipt);
        } else if (envelope.kind() == Envelope.Kind.QUESTION) {
            Question question =
                    new Question(
                            envelope.content(),
                            envelope.id(),
                            answer -> sendMessage(answer, errorIfFailed));
            inbox.deliver(new Message(question, message.handle()), receipt);
        } else if (questions.answered(envelope, message)) {
            receipt.done();
        } else {
            inbox.deliver(message, receipt);
        }
    }

    private boolean isHeard(Message message) {
        return !messages.isEmpty()
                || audience.isThere()
                || (message.isQuestion() && (answerer.isThere() || audience.answers()));
    }

    /** A question is for those alone who answer questions, if there are any. */
    private void emit(Message message) {
        if (!message.isQuestion() || !answers(message)) {
            messages.emit(message);
            audience.hear(message);
        }
    }

    private boolean answers(Message question) {
        if (answerer.hear(question)) {
            return true;
        }
        boolean others = audience.answers();
        if (others) {
            audience.answer(question);
        }
        return others;
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
        eventThread.execute(questions::over);
        eventThread.execute(room::over);
    }

    // What the application does.

    public Subscription onMessage(Consumer<Message> listener) {
        Subscription subscription = messages.add(listener);
        inbox.listenerAdded();
        return subscription;
    }

    /**
     * Answers questions from now on.
     *
     * @throws IllegalStateException when there is somebody who does
     */
    public Subscription onAsk(Consumer<Message> listener) {
        Subscription subscription = answerer.set(listener);
        inbox.listenerAdded();
        return subscription;
    }

    /** There is room again after {@link #send} has returned false. */
    public Subscription onDrain(Runnable listener) {
        Objects.requireNonNull(listener, "listener is null");
        return room.add(_ -> listener.run());
    }

    public Subscription onError(Consumer<Exception> listener) {
        return errors.add(listener);
    }

    public boolean isListenedTo() {
        return !messages.isEmpty() || answerer.isThere();
    }

    /** The audience may be there now. */
    public void audienceCame() {
        inbox.listenerAdded();
    }

    public boolean send(Object message) {
        return sendMessage(value(message), errorIfFailed);
    }

    public boolean send(Object message, Consumer<Optional<Exception>> callback) {
        return sendMessage(value(message), telling(callback));
    }

    public boolean send(Object message, Object handle, SendOptions options) {
        Object value = value(message);
        return sendHandle(value, handle, options, errorIfFailed);
    }

    public boolean send(
            Object message,
            Object handle,
            SendOptions options,
            Consumer<Optional<Exception>> callback) {
        Object value = value(message);
        return sendHandle(value, handle, options, telling(callback));
    }

    private boolean sendHandle(
            Object value, Object handle, SendOptions options, Delivery delivery) {
        boolean roomy = channel.send(value, Handles.toSend(value, handle, options), delivery);
        var _ = sent.incrementAndGet();
        return roomy;
    }

    private boolean sendMessage(Object value, Delivery delivery) {
        boolean roomy = channel.sendMessage(value, delivery);
        var _ = sent.incrementAndGet();
        return roomy;
    }

    /** How many messages have come. */
    public long received() {
        return received.get();
    }

    /** How many were sent, or tried to. */
    public long sent() {
        return sent.get();
    }

    /**
     * What {@link #sendLine} takes.
     *
     * @throws IllegalArgumentException as {@link #send} does
     */
    public static byte[] line(Object message) {
        return Channel.line(value(message));
    }

    /** A line that is sent to others as well. */
    public boolean sendLine(byte[] line) {
        boolean roomy = channel.sendLine(line, errorIfFailed);
        var _ = sent.incrementAndGet();
        return roomy;
    }

    /** Done when there is room for more. */
    public CompletableFuture<Void> sendAsync(Object message) {
        CompletableFuture<Void> roomAgain = room.next();
        return send(message) ? CompletableFuture.completedFuture(null) : roomAgain;
    }

    /** Done when it is answered. */
    public CompletableFuture<Message> ask(Object message, Duration patience) {
        Objects.requireNonNull(patience, "patience is null");
        return questions.ask(
                value(message),
                patience,
                (question, lost) ->
                        sendMessage(question, failure -> failure.ifPresent(_ -> lost.run())));
    }

    /** A message that came is sent on as it was; its handle is another argument. */
    private static Object value(Object message) {
        return message instanceof Message received ? received.value() : message;
    }

    private Delivery telling(Consumer<Optional<Exception>> callback) {
        Objects.requireNonNull(callback, "callback is null");
        return failure -> eventThread.execute(() -> callback.accept(failure));
    }
}
