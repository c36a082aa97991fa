package dev.prefork;

import dev.prefork.ipc.Json;

import java.nio.channels.SelectableChannel;
import java.util.Optional;

/**
 * A message that another process sent: one JSON value, and perhaps a socket. Node passes the two to
 * 'message' listeners as {@code (message, handle)}.
 *
 * @param value a Map (String keys), List, String, Integer, Long, BigInteger, Double, Boolean, or
 *     null
 * @param handle a live SocketChannel, ServerSocketChannel or DatagramChannel, by what was sent; the
 *     receiver's to close
 */
public record Message(Object value, Optional<SelectableChannel> handle) {
    /** The handle, if one of this class came with the message. */
    public <T extends SelectableChannel> Optional<T> handle(Class<T> type) {
        return handle.filter(type::isInstance).map(type::cast);
    }

    /**
     * The message as the application's own type: a record, bean, enum, Map, List, String or number.
     * Names of a record's components are the names in JSON; names that the type does not have are
     * ignored.
     *
     * @throws IllegalArgumentException when the message does not fit the type; it says why
     */
    public <T> T as(Class<T> type) {
        return Json.convert(value, type);
    }

    /** The message when it is a text, otherwise its JSON-like form for people. */
    @Override
    public String toString() {
        return String.valueOf(value);
    }
}
