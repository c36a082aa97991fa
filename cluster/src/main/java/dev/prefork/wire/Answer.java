package dev.prefork.wire;

import java.util.Map;

/** What a {@link Question} is answered; a record with its reader and writer, as an {@link Act}. */
public sealed interface Answer permits Grant, Accepted, Acknowledged {
    /** All fields but {@code ack}, in the order in which they are written. */
    Map<String, Object> fields();
}
