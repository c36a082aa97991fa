package dev.prefork;

import dev.prefork.ipc.Json;

/**
 * A message that another process sent: one JSON value.
 *
 * @param value a Map (String keys), List, String, Integer, Long, BigInteger, Double, Boolean, or
 *     null
 */
public record Message(Object value) {
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
