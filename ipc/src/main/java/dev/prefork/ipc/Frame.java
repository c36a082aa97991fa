package dev.prefork.ipc;

import java.util.Map;
import java.util.Optional;

/**
 * A message between the two runtimes, never shown to users: an object whose {@code cmd} begins with
 * NODE_ and goes on.
 *
 * <p>The getters check types: a peer that sends others has broken the protocol.
 */
public record Frame(Map<String, Object> fields) {
    /** A message with a handle, and the two answers to it. */
    static final String HANDLE = "NODE_HANDLE";

    static final String HANDLE_ACK = "NODE_HANDLE_ACK";
    static final String HANDLE_NACK = "NODE_HANDLE_NACK";

    private static final String INTERNAL_PREFIX = "NODE_";

    /** The value as a frame, if it is one. */
    @SuppressWarnings("unchecked") // an object read by Json has String keys
    static Optional<Frame> of(Object value) {
        boolean internal =
                value instanceof Map<?, ?> object
                        && object.get("cmd") instanceof String cmd
                        && cmd.length() > INTERNAL_PREFIX.length()
                        && cmd.startsWith(INTERNAL_PREFIX);
        return internal ? Optional.of(new Frame((Map<String, Object>) value)) : Optional.empty();
    }

    public String command() {
        return (String) fields.get("cmd");
    }

    /** The text of this name; empty when absent or null. */
    public Optional<String> text(String name) throws ProtocolException {
        return get(name, String.class);
    }

    /** The whole number of this name; empty when absent or null. */
    public Optional<Integer> integer(String name) throws ProtocolException {
        return get(name, Integer.class);
    }

    public boolean isTrue(String name) {
        return Boolean.TRUE.equals(fields.get(name));
    }

    private <T> Optional<T> get(String name, Class<T> type) throws ProtocolException {
        Object value = fields.get(name);
        if (value != null && !type.isInstance(value)) {
            throw new ProtocolException(
                    command()
                            + " has "
                            + name
                            + "="
                            + value
                            + ", which is no "
                            + type.getSimpleName());
        }
        return Optional.ofNullable(type.cast(value));
    }
}
