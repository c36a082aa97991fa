package dev.prefork.wire;

import dev.prefork.ipc.Frame;

import java.util.Map;

/**
 * Worker to primary: it is about to close its channel, of its own will. The worker waits for the
 * answer, so that the primary knows before it sees the close.
 */
public record ExitedAfterDisconnect() implements Question<Acknowledged> {
    static final String WORD = "exitedAfterDisconnect";

    @Override
    public String word() {
        return WORD;
    }

    @Override
    public Map<String, Object> fields() {
        return Map.of();
    }

    @Override
    public Acknowledged answer(Frame frame) {
        return new Acknowledged();
    }
}
