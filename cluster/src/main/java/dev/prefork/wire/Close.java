package dev.prefork.wire;

import dev.prefork.ipc.Frame;
import dev.prefork.ipc.ProtocolException;

import java.util.Map;

/**
 * Worker to primary: it has closed a server.
 *
 * @param key of the grant by which it listened
 * @param leaving whether it closes because the whole worker ends; a field that only our workers say
 */
public record Close(String key, boolean leaving) implements Act {
    static final String WORD = "close";

    private static final String KEY = "key";
    private static final String LEAVING = "leaving";

    /** It goes on, without this server. */
    public Close(String key) {
        this(key, false);
    }

    static Close of(Frame frame) throws ProtocolException {
        return new Close(frame.text(KEY).orElse(""), frame.isTrue(LEAVING));
    }

    @Override
    public String word() {
        return WORD;
    }

    @Override
    public Map<String, Object> fields() {
        return leaving ? Map.of(KEY, key, LEAVING, true) : Map.of(KEY, key);
    }
}
