package dev.prefork.ipc;

import dev.prefork.json.Demand;
import dev.prefork.json.Json;
import dev.prefork.json.JsonText;
import dev.prefork.json.NotJsonException;

/** Makes of the lines of one channel what they say. Safe for any thread. */
final class LineReader {
    private final Demand demand = new Demand();

    /**
     * Reads the line; its value waits until it is asked for, where nobody has asked for any.
     *
     * @param mayWait whether it is plain, without control characters, and nothing else
     */
    JsonText read(byte[] bytes, int offset, int length, boolean mayWait) throws ProtocolException {
        try {
            String text = Json.text(bytes, offset, length);
            return mayWait && !demand.isThere() && Json.canWait(text)
                    ? JsonText.unread(text, demand)
                    : JsonText.read(Json.read(text), text);
        } catch (NotJsonException e) {
            throw new ProtocolException(e.getMessage(), e);
        }
    }
}
