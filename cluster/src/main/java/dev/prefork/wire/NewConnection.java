package dev.prefork.wire;

import dev.prefork.ipc.Frame;
import dev.prefork.ipc.ProtocolException;

import java.util.Map;

/**
 * Primary to worker, with the connection as its handle: yours.
 *
 * @param key of the grant by which the worker listens
 */
public record NewConnection(String key) implements Question<Accepted> {
    static final String WORD = "newconn";

    private static final String KEY = "key";

    static NewConnection of(Frame frame) throws ProtocolException {
        return new NewConnection(frame.text(KEY).orElse(""));
    }

    @Override
    public String word() {
        return WORD;
    }

    @Override
    public Map<String, Object> fields() {
        return Map.of(KEY, key);
    }

    @Override
    public Accepted answer(Frame frame) {
        return Accepted.of(frame);
    }
}
