package dev.prefork.json;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.MalformedJsonException;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * JSON values as Java values: Map, List, String, Integer, Long, BigInteger, Double, Boolean and
 * null.
 *
 * <p>These are read and written by streaming, without any mapping of types, as most messages and
 * all frames are. Only a record or a bean of the application brings the mapper in ({@link Typed}).
 * Safe for any thread.
 */
public final class Json {
    private static final char REPLACEMENT = '\ufffd';

    /** Reads from a reader that stands before its first token. */
    @FunctionalInterface
    interface Reading<T> {
        T from(JsonReader in) throws IOException;
    }

    private Json() {}

    /**
     * The bytes as a text.
     *
     * @throws NotJsonException when they are not UTF-8
     */
    public static String text(byte[] bytes, int offset, int length) throws NotJsonException {
        String text = new String(bytes, offset, length, StandardCharsets.UTF_8);
        if (text.indexOf(REPLACEMENT) >= 0) {
            check(ByteBuffer.wrap(bytes, offset, length));
        }
        return text;
    }

    /** There may be such a character. */
    private static void check(ByteBuffer bytes) throws NotJsonException {
        try {
            var _ = StandardCharsets.UTF_8.newDecoder().decode(bytes);
        } catch (CharacterCodingException e) {
            throw new NotJsonException("not JSON: it is not UTF-8", e);
        }
    }

    /** As {@link #read(String)}, of its bytes. */
    public static Object read(byte[] bytes, int offset, int length) throws NotJsonException {
        return read(text(bytes, offset, length));
    }

    /**
     * Reads one value, which must be all there is.
     *
     * @throws NotJsonException when it is not JSON
     */
    public static Object read(String text) throws NotJsonException {
        if (text.isBlank()) {
            throw new NotJsonException("an empty line instead of a JSON value");
        }
        try {
            return parse(text, JsonReading::read);
        } catch (EOFException e) {
            throw new NotJsonException("not JSON: it ends before its value does", e);
        } catch (IOException e) {
            throw new NotJsonException("not JSON: " + reason(e), e);
        }
    }

    /** The library's own advice is for those who read with it. */
    private static String reason(IOException e) {
        String message = Misfit.line(e);
        return message.startsWith("Use JsonReader") ? "it does not follow the grammar" : message;
    }

    /**
     * Whether it is one value that has no name for the runtimes, {@code cmd} or one that begins
     * with a {@code $}, and so can wait until the application asks for it. Never true of what
     * {@link #read} would refuse.
     *
     * @param text without control characters, which would be passed by
     */
    public static boolean canWait(String text) {
        try {
            return Outline.isTheApplications(reader(text, Strictness.STRICT));
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Reads the text.
     *
     * @param reading called once more, if the text is JSON for others than the library
     */
    static <T> T parse(String text, Reading<T> reading) throws IOException {
        try {
            return reading.from(reader(text, Strictness.STRICT));
        } catch (MalformedJsonException e) {
            String shorter = LongNumbers.shorten(text);
            Optional<String> whole = Halves.replaced(shorter);
            if (whole.isEmpty() && shorter.equals(text)) {
                throw e;
            } else if (whole.isEmpty()) {
                return reading.from(reader(shorter, Strictness.STRICT));
            }
            var _ = JsonReading.read(reader(whole.get(), Strictness.STRICT));
            return reading.from(reader(shorter, Strictness.LEGACY_STRICT));
        }
    }

    private static JsonReader reader(String text, Strictness strictness) {
        JsonReader reader = new JsonReader(new TextReader(text));
        reader.setStrictness(strictness);
        reader.setNestingLimit(Limits.MAX_DEPTH);
        return reader;
    }

    /**
     * Writes the value and a line break: one line of the wire.
     *
     * @param value a Map, Iterable, array, CharSequence, Number, Boolean, null, record, bean or
     *     enum
     * @throws IllegalArgumentException when there is no JSON for it; the message says why
     */
    public static byte[] writeLine(Object value) {
        LineWriter writer = new LineWriter();
        try {
            JsonWriting.write(value, writer);
        } catch (LineWriter.TooLongException e) {
            throw unwritable(value, e.getMessage(), e);
        } catch (LineWriter.TooDeepException | StackOverflowError e) {
            throw unwritable(value, "it contains itself, or is nested too deeply", e);
        } catch (IOException | RuntimeException e) {
            throw unwritable(value, writer.place() + Misfit.line(e), e);
        }
        return writer.line();
    }

    private static IllegalArgumentException unwritable(
            Object value, String reason, Throwable cause) {
        String type = value == null ? "null" : value.getClass().getName();
        return new IllegalArgumentException(
                "cannot send a " + type + ": there is no JSON for it: " + reason, cause);
    }
}
