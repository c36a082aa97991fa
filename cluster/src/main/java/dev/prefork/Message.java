package dev.prefork;

import dev.prefork.events.Question;
import dev.prefork.json.JsonText;

import java.nio.channels.SelectableChannel;
import java.util.Objects;
import java.util.Optional;

/** A message that another process sent: one JSON value, and perhaps a socket. Immutable. */
public final class Message {
    private final JsonText content;
    private final Optional<SelectableChannel> handle;

    /** Null when nobody waits for an answer. */
    private final Question question;

    /**
     * A message, as a listener is given it. Node passes the two to 'message' listeners as {@code
     * (message, handle)}.
     *
     * @param value what {@link Worker#send} takes
     * @param handle a live SocketChannel, ServerSocketChannel or DatagramChannel, by what was sent;
     *     the receiver's to close
     */
    public Message(Object value, Optional<SelectableChannel> handle) {
        this.question = value instanceof Question asked ? asked : null;
        this.content =
                switch (value) {
                    case Question asked -> asked.content();
                    case JsonText received -> received;
                    case null, default -> JsonText.of(value);
                };
        this.handle = Objects.requireNonNull(handle, "handle is null");
    }

    /**
     * The value: a Map (String keys), List, String, Integer, Long, BigInteger, Double, Boolean, or
     * null.
     */
    public Object value() {
        return content.value();
    }

    /** The socket that came with it. */
    public Optional<SelectableChannel> handle() {
        return handle;
    }

    /** The handle, if one of this class came with the message. */
    public <T extends SelectableChannel> Optional<T> handle(Class<T> type) {
        return handle.filter(type::isInstance).map(type::cast);
    }

    /**
     * The message as the application's own type: a record, sealed interface, enum, bean,
     * collection, text, number, time and so on. Names of a record's components are the names in
     * JSON; names that the type does not have are ignored, and what is missing is null, 0, false or
     * an empty Optional.
     *
     * @throws IllegalArgumentException when the message does not fit the type; it says where and
     *     why, as in {@code $.items[3].price: a text is no BigDecimal}, and never the value
     */
    @SuppressWarnings("unchecked") // of int.class, too: a Class<Integer>
    public <T> T as(Class<T> type) {
        return (T) content.as(Objects.requireNonNull(type, "type is null"));
    }

    /** As {@link #as(Class)}, for a type with parameters: {@code new TypeRef<List<Order>>() {}}. */
    @SuppressWarnings("unchecked") // it is of that type
    public <T> T as(TypeRef<T> type) {
        return (T) content.as(Objects.requireNonNull(type, "type is null").type());
    }

    // Answers; see Worker.ask and Worker.onAsk.

    /** Whether the sender has asked, and waits for an answer: {@link #reply} or {@link #refuse}. */
    public boolean isQuestion() {
        return question != null;
    }

    /**
     * Answers the question, now or later; from any thread.
     *
     * @param answer what {@link Worker#send} takes
     * @return as {@link Worker#send(Object)}
     * @throws IllegalArgumentException when there is no JSON for it; it can still be answered then
     * @throws IllegalStateException when it is no question, or is answered already
     */
    public boolean reply(Object answer) {
        return question().answer(answer);
    }

    /**
     * Refuses to answer: the asker's future fails with {@link RefusedException}. As {@link #reply}.
     *
     * @param reason for the asker
     */
    public boolean refuse(String reason) {
        return question().refuse(reason);
    }

    private Question question() {
        if (question == null) {
            throw new IllegalStateException(
                    "this message is no question: its sender used send, not ask, and waits for no"
                            + " answer");
        }
        return question;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Message message
                && Objects.equals(value(), message.value())
                && handle.equals(message.handle);
    }

    @Override
    public int hashCode() {
        return Objects.hash(value(), handle);
    }

    /** The message when it is a text, otherwise its JSON-like form for people. */
    @Override
    public String toString() {
        return String.valueOf(value());
    }
}
