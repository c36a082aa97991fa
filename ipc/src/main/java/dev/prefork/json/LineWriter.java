package dev.prefork.json;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * Writes one value as a line of the wire, with numbers as they arrive: JSON has no NaN and no
 * Infinity; JSON.stringify writes null, and so do we. What would arrive as Infinity is refused.
 */
final class LineWriter extends JsonWriter {
    /** Thrown where it cannot go on. */
    static final class TooDeepException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** Thrown where it cannot go on. */
    static final class TooLongException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private TooLongException() {
            // A receiver with a small heap would close the channel.
            super("it takes more than " + Limits.SURELY_TAKEN_BYTES + " bytes");
        }
    }

    private static final int MOST_DIGITS = LongNumbers.MOST_CHARACTERS;

    private final Utf8 bytes;
    private int depth;
    private String name;

    /** As much was written when the name came, which is written with its value. */
    private int nameAt = -1;

    LineWriter() {
        this(new Utf8(Limits.SURELY_TAKEN_BYTES, TooLongException::new));
    }

    private LineWriter(Utf8 bytes) {
        super(bytes);
        this.bytes = bytes;
    }

    /** The value, with a line break. */
    byte[] line() {
        return bytes.line();
    }

    private void goDeeper() {
        if (++depth > Limits.MAX_DEPTH) {
            throw new TooDeepException();
        }
    }

    @Override
    public JsonWriter beginArray() throws IOException {
        goDeeper();
        return super.beginArray();
    }

    @Override
    public JsonWriter endArray() throws IOException {
        depth--;
        return super.endArray();
    }

    @Override
    public JsonWriter beginObject() throws IOException {
        goDeeper();
        return super.beginObject();
    }

    @Override
    public JsonWriter endObject() throws IOException {
        depth--;
        return super.endObject();
    }

    @Override
    public JsonWriter name(String next) throws IOException {
        name = next;
        nameAt = bytes.size();
        return super.name(next);
    }

    @Override
    public JsonWriter value(float number) throws IOException {
        return Float.isFinite(number) ? super.value(number) : nullValue();
    }

    @Override
    public JsonWriter value(double number) throws IOException {
        return Double.isFinite(number) ? super.value(number) : nullValue();
    }

    @Override
    public JsonWriter value(Number number) throws IOException {
        if (number instanceof Integer || number instanceof Long) {
            return value(number.longValue());
        } else if (number instanceof Double || number instanceof Float) {
            return Double.isFinite(number.doubleValue()) ? super.value(number) : nullValue();
        } else if (number instanceof BigInteger || number instanceof BigDecimal) {
            check(number);
        }
        return super.value(number);
    }

    private static void check(Number number) {
        if (!Double.isFinite(number.doubleValue())) {
            throw new IllegalArgumentException(
                    "a number beyond 1.8e308 arrives as Infinity: send it as a text");
        }
        if (number instanceof BigDecimal decimal && decimal.precision() > MOST_DIGITS) {
            throw new IllegalArgumentException(
                    "a number of more than " + MOST_DIGITS + " digits: send it as a text");
        }
    }

    // Where it is.

    /** As in {@code $.items[3].price: }, if that is not the whole value; after a failure. */
    String place() {
        try {
            String path = path();
            return path.equals("$") ? "" : Misfit.cut(path) + ": ";
        } catch (IOException | RuntimeException e) {
            return ""; // What has failed is told all the same.
        }
    }

    /** Reads what was written, up to where it ends. */
    private String path() throws IOException {
        if (nameAt == bytes.size()) {
            Utf8 quoted = new Utf8(Limits.SURELY_TAKEN_BYTES, TooLongException::new);
            JsonWriter rest = new JsonWriter(quoted);
            var _ = rest.value(name);
            bytes.write(bytes.endsWith('{') ? "" : ",");
            bytes.write(quoted.toString());
            bytes.write(":");
        }
        JsonReader in = new JsonReader(new TextReader(bytes.toString()));
        in.setNestingLimit(Limits.MAX_DEPTH);
        try {
            while (in.peek() != JsonToken.END_DOCUMENT) {
                step(in);
            }
        } catch (IOException end) {
            return in.getPath();
        }
        return in.getPath();
    }

    private static void step(JsonReader in) throws IOException {
        switch (in.peek()) {
            case BEGIN_OBJECT -> in.beginObject();
            case END_OBJECT -> in.endObject();
            case BEGIN_ARRAY -> in.beginArray();
            case END_ARRAY -> in.endArray();
            case NAME -> {
                var _ = in.nextName();
            }
            default -> in.skipValue();
        }
    }
}
