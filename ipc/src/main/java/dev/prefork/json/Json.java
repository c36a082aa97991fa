package dev.prefork.json;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.TokenStreamContext;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.ByteArrayBuilder;

import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/**
 * JSON values as Java values: Map, List, String, Integer, Long, BigInteger, Double, Boolean and
 * null.
 *
 * <p>These are read and written by streaming, without any mapping of types, as most messages and
 * all frames are. Only a record or a bean of the application brings the mapper in ({@link Typed}).
 * Safe for any thread.
 */
public final class Json {
    static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxStringLength(Limits.MAX_LINE_BYTES)
                                    .maxNameLength(Limits.MAX_LINE_BYTES)
                                    .maxNumberLength(Limits.MAX_LINE_BYTES)
                                    .maxNestingDepth(Limits.MAX_DEPTH)
                                    .build())
                    .streamWriteConstraints(
                            StreamWriteConstraints.builder()
                                    .maxNestingDepth(Limits.MAX_DEPTH)
                                    .build())
                    .build();

    /** No method reference: that would load the mapper with this class. */
    private static final JsonWriting.Others OTHERS =
            (value, generator) -> Typed.write(value, generator);

    private Json() {}

    /**
     * Reads one value, which must be all there is.
     *
     * @throws NotJsonException when it is not JSON
     */
    public static Object read(byte[] bytes, int offset, int length) throws NotJsonException {
        try {
            return parse(bytes, offset, length, Json::only);
        } catch (NotOne e) {
            throw new NotJsonException(e.getMessage());
        } catch (JacksonException e) {
            throw new NotJsonException("not JSON: " + Misfit.firstLine(e.getOriginalMessage()), e);
        }
    }

    /**
     * Whether it is one value that has no name for the runtimes, {@code cmd} or one that begins
     * with a {@code $}, and so can wait until the application asks for it. Never true of what
     * {@link #read} would refuse.
     */
    public static boolean canWait(byte[] bytes, int offset, int length) {
        try {
            return parse(bytes, offset, length, Outline::isTheApplications);
        } catch (JacksonException e) {
            return false;
        }
    }

    /**
     * Reads the text with a parser that stands before its first token.
     *
     * @param reader called once more, if the text has halves of characters in it
     */
    static <T> T parse(byte[] bytes, int offset, int length, Function<JsonParser, T> reader) {
        try (JsonParser parser =
                FACTORY.createParser(ObjectReadContext.empty(), bytes, offset, length)) {
            return reader.apply(parser);
        } catch (StreamReadException e) {
            if (!isAboutSurrogates(e)) {
                throw e;
            }
        }
        String text = new String(bytes, offset, length, StandardCharsets.UTF_8);
        try (JsonParser parser =
                FACTORY.createParser(ObjectReadContext.empty(), SurrogateEscapes.unescape(text))) {
            return reader.apply(parser);
        }
    }

    /** JSON.stringify writes half a character as an escape, which the parser takes in no name. */
    private static boolean isAboutSurrogates(StreamReadException e) {
        return e.getOriginalMessage().contains("surrogate");
    }

    private static final class NotOne extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotOne(String message) {
            super(message, null, false, false);
        }
    }

    private static Object only(JsonParser parser) {
        JsonToken first = parser.nextToken();
        if (first == null) {
            throw new NotOne("an empty line instead of a JSON value");
        }
        Object value = JsonReading.read(parser, first);
        if (parser.nextToken() != null) {
            throw new NotOne("more than one JSON value in a line");
        }
        return value;
    }

    /**
     * Writes the value and a line break: one line of the wire.
     *
     * @param value a Map, Iterable, array, CharSequence, Number, Boolean, null, record, bean or
     *     enum
     * @throws IllegalArgumentException when there is no JSON for it; the message says why
     */
    public static byte[] writeLine(Object value) {
        ByteArrayBuilder line = new ByteArrayBuilder();
        try (JsonGenerator generator =
                new NodeNumbers(FACTORY.createGenerator(ObjectWriteContext.empty(), line))) {
            write(value, generator);
        }
        if (line.size() > Limits.SURELY_TAKEN_BYTES) {
            // A receiver with a small heap would close the channel.
            throw unwritable(
                    value, "it takes more than " + Limits.SURELY_TAKEN_BYTES + " bytes", null);
        }
        line.append('\n');
        return line.toByteArray();
    }

    private static void write(Object value, JsonGenerator generator) {
        try {
            JsonWriting.write(value, generator, OTHERS);
        } catch (StreamConstraintsException | StackOverflowError e) {
            throw unwritable(value, "it contains itself, or is nested too deeply", e);
        } catch (RuntimeException e) {
            throw unwritable(value, place(generator.streamWriteContext()) + Misfit.line(e), e);
        }
    }

    /** Where it went wrong, as in {@code $.items[3].price: }, if that is not the whole value. */
    private static String place(TokenStreamContext context) {
        StringBuilder place = new StringBuilder();
        int index = context.getEntryCount(); // of the element that was not begun
        for (TokenStreamContext at = context; !at.inRoot(); at = at.getParent()) {
            place.insert(0, at.inObject() ? "." + at.currentName() : "[" + index + "]");
            index = at.getParent().getCurrentIndex();
        }
        return place.isEmpty() ? "" : Misfit.cut("$" + place) + ": ";
    }

    private static IllegalArgumentException unwritable(
            Object value, String reason, Throwable cause) {
        String type = value == null ? "null" : value.getClass().getName();
        return new IllegalArgumentException(
                "cannot send a " + type + ": there is no JSON for it: " + reason, cause);
    }
}
