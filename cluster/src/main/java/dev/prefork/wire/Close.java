package dev.prefork.wire;

import dev.prefork.ipc.Frame;
import dev.prefork.ipc.ProtocolException;

import java.util.Map;

/**
 * Worker to primary: it has closed a server.
 *
 * @param key of the grant by which it listened
 */
public record Close(String key) implements Act {
    static final String WORD = "close";

    private static final String KEY = "key";

    static Close of(Frame frame) throws ProtocolException {
        return new Close(frame.text(KEY).orElse(""));
    }

    @Override
    public String word() {
        return WORD;
    }

    @Override
    public Map<String, Object> fields() {
        return Map.of(KEY, key);
    }
}
