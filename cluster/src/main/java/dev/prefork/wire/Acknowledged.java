package dev.prefork.wire;

import java.util.Map;

/** The answer to {@link ExitedAfterDisconnect}: it was read. */
public record Acknowledged() implements Answer {
    @Override
    public Map<String, Object> fields() {
        return Map.of();
    }
}
