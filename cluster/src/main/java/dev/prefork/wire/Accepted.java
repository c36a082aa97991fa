package dev.prefork.wire;

import dev.prefork.ipc.Frame;

import java.util.Map;

/**
 * The answer to {@link NewConnection}.
 *
 * @param accepted whether the worker has the connection; false when its server is closed or full
 */
public record Accepted(boolean accepted) implements Answer {
    private static final String ACCEPTED = "accepted";

    static Accepted of(Frame frame) {
        return new Accepted(Truth.of(frame, ACCEPTED));
    }

    @Override
    public Map<String, Object> fields() {
        return Map.of(ACCEPTED, accepted);
    }
}
