package dev.prefork.ipc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.fasterxml.jackson.jr.ob.JSON;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * JSON values as Java values: Map, List, String, Integer, Long, BigInteger, Double, Boolean and
 * null.
 *
 * <p>These are read and written by streaming, without any mapping of types, as most messages and
 * all frames are. Only a record or a bean of the application brings the mapper in. Safe for any
 * thread.
 */
public final class Json {
    /** More than JSON.stringify of Node makes with its stack, which is less than 10,000 in v12. */
    static final int MAX_DEPTH = 10_000;

    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxStringLength(LineDecoder.MAX_LINE_BYTES)
                                    .maxNameLength(LineDecoder.MAX_LINE_BYTES)
                                    .maxNumberLength(LineDecoder.MAX_LINE_BYTES)
                                    .maxNestingDepth(MAX_DEPTH)
                                    .build())
                    .streamWriteConstraints(
                            StreamWriteConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                    .build();

    /**
     * Loaded when the first record or bean is mapped: a worker that never does must not wait for it
     * at its start.
     */
    private static final class Mapper {
        static final JSON INSTANCE =
                JSON.builder(FACTORY)
                        .enable(
                                JSON.Feature.WRITE_NULL_PROPERTIES,
                                JSON.Feature.WRITE_RECORD_FIELDS_IN_DECLARATION_ORDER,
                                JSON.Feature.FAIL_ON_UNKNOWN_TYPE_WRITE)
                        .register(new JsonTypes())
                        .build();

        static void write(Object value, JsonGenerator generator) throws IOException {
            INSTANCE.write(value, generator);
        }
    }

    private Json() {}

    /**
     * Reads one value, which must be all there is.
     *
     * @throws ProtocolException when it is not JSON
     */
    public static Object read(byte[] bytes, int offset, int length) throws ProtocolException {
        try {
            return only(FACTORY.createParser(bytes, offset, length));
        } catch (ProtocolException e) {
            throw e;
        } catch (IOException e) {
            if (isAboutSurrogates(e)) {
                return ofCharacters(new String(bytes, offset, length, StandardCharsets.UTF_8));
            }
            throw notJson(e);
        }
    }

    /** JSON.stringify writes half a character as an escape, which the parser takes in no name. */
    private static boolean isAboutSurrogates(IOException e) {
        return e instanceof JsonParseException && e.getMessage().contains("surrogate");
    }

    private static Object ofCharacters(String line) throws ProtocolException {
        try {
            return only(FACTORY.createParser(SurrogateEscapes.unescape(line)));
        } catch (ProtocolException e) {
            throw e;
        } catch (IOException e) {
            throw notJson(e);
        }
    }

    private static Object only(JsonParser opened) throws IOException {
        try (JsonParser parser = opened) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw new ProtocolException("an empty line instead of a JSON value");
            }
            Object value = JsonReading.read(parser, first);
            if (parser.nextToken() != null) {
                throw new ProtocolException("more than one JSON value in a line");
            }
            return value;
        }
    }

    private static ProtocolException notJson(IOException e) {
        return new ProtocolException("not JSON: " + firstLine(e), e);
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
        try (JsonGenerator generator = new NodeNumbers(FACTORY.createGenerator(line))) {
            JsonWriting.write(value, generator, Mapper::write);
        } catch (StreamConstraintsException | StackOverflowError e) {
            throw notSerializable(value, "it contains itself, or is nested too deeply", e);
        } catch (IOException | IllegalArgumentException e) {
            throw notSerializable(value, reason(e), e);
        }
        if (line.size() > LineDecoder.SURELY_TAKEN_BYTES) {
            // A receiver with a small heap would close the channel.
            throw notSerializable(
                    value, "it takes more than " + LineDecoder.SURELY_TAKEN_BYTES + " bytes", null);
        }
        line.append('\n');
        return line.toByteArray();
    }

    /**
     * Turns a value that was read into an object of the application's type: a record, bean, enum,
     * Map, List, String or number.
     *
     * @throws IllegalArgumentException when the value does not fit the type; the message says why
     */
    public static <T> T convert(Object value, Class<T> type) {
        if (value == null || type.isInstance(value)) {
            return type.cast(value);
        }
        try {
            return Mapper.INSTANCE.beanFrom(type, writeLine(value));
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "cannot read " + value + " as " + type.getName() + ": " + reason(e), e);
        } catch (StackOverflowError tooDeep) {
            throw new IllegalArgumentException(
                    "cannot read a value as " + type.getName() + ": it is nested too deeply",
                    tooDeep);
        }
    }

    private static IllegalArgumentException notSerializable(
            Object value, String reason, Throwable cause) {
        String type = value == null ? "null" : value.getClass().getName();
        return new IllegalArgumentException(
                "cannot send a " + type + ": there is no JSON for it: " + reason, cause);
    }

    /** The first cause: the mapper wraps it in words about its own work. */
    private static String reason(Throwable e) {
        return e.getCause() == null ? firstLine(e) : reason(e.getCause());
    }

    private static String firstLine(Throwable e) {
        // An exception without a message has a name at least.
        return Optional.ofNullable(e.getMessage())
                .orElseGet(e::toString)
                .lines()
                .findFirst()
                .orElse("");
    }
}
