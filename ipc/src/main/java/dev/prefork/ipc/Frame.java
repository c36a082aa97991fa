package dev.prefork.ipc;

import dev.prefork.json.Json;
import dev.prefork.json.NotJsonException;

import java.util.Arrays;
import java.util.LinkedHashMap;
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
    private static final String CMD = "cmd";

    /** What Bun's primary leaves out, and its workers do not: its mark says it. */
    private static final String OF_A_CLUSTER = "NODE_CLUSTER";

    /** Beside the mark: a descriptor comes with it, to be acknowledged as by Node. */
    static final String MARKED_HAS_HANDLE = "$hasHandle";

    /** Of the prefix in JSON. */
    private static final byte[] TEXT_BEGINS = {'"', 'N', 'O', 'D', 'E', '_'};

    /** The value as a frame, if it is one. */
    @SuppressWarnings("unchecked") // an object read by Json has String keys
    static Optional<Frame> of(Object value) {
        boolean internal =
                value instanceof Map<?, ?> object
                        && object.get(CMD) instanceof String cmd
                        && cmd.length() > INTERNAL_PREFIX.length()
                        && cmd.startsWith(INTERNAL_PREFIX);
        return internal ? Optional.of(new Frame((Map<String, Object>) value)) : Optional.empty();
    }

    /**
     * What a {@link LineDecoder#MARK marked} line has.
     *
     * @throws ProtocolException when it is no object
     */
    static Frame ofMarked(Object value) throws ProtocolException {
        if (!(value instanceof Map<?, ?> object)) {
            throw new ProtocolException("a line with the mark of Bun is no object");
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(CMD, OF_A_CLUSTER);
        object.forEach((name, field) -> fields.put((String) name, field));
        return of(fields)
                .orElseThrow(
                        () ->
                                new ProtocolException(
                                        "a line with the mark of Bun has cmd=" + fields.get(CMD)));
    }

    /**
     * Refuses a message of the application's that the other end would take for a frame, and so
     * never show to anybody.
     *
     * @param line as {@link Json#writeLine} has written it
     * @throws IllegalArgumentException that says what to do instead
     */
    public static void refuse(byte[] line) {
        Optional<Frame> frame = mayBeFrame(line) ? of(read(line)) : Optional.empty();
        if (frame.isPresent()) {
            throw new IllegalArgumentException(
                    "cannot send a message with cmd="
                            + frame.get().command()
                            + ": what begins with NODE_ is between the runtimes, and no listener of"
                            + " the other process would hear it; choose another word");
        }
    }

    /** Almost no message has such a text, so that almost none is read again. */
    private static boolean mayBeFrame(byte[] line) {
        int length = TEXT_BEGINS.length;
        int last = line[0] == '{' ? line.length - length : 0;
        for (int at = 1; at <= last; at++) {
            if (line[at + length - 1] == '_'
                    && line[at] == '"'
                    && Arrays.equals(line, at, at + length, TEXT_BEGINS, 0, length)) {
                return true;
            }
        }
        return false;
    }

    private static Object read(byte[] line) {
        try {
            return Json.read(line, 0, line.length);
        } catch (NotJsonException ours) {
            throw new IllegalStateException("cannot read what was just written", ours);
        }
    }

    public String command() {
        return (String) fields.get(CMD);
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
