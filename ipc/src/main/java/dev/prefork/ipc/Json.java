package dev.prefork.ipc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.fasterxml.jackson.core.util.JsonGeneratorDelegate;
import com.fasterxml.jackson.jr.ob.JSON;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxStringLength(LineDecoder.MAX_LINE_BYTES)
                                    .maxNameLength(LineDecoder.MAX_LINE_BYTES)
                                    .build())
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
    }

    private Json() {}

    /**
     * Reads one value, which must be all there is.
     *
     * @throws ProtocolException when it is not JSON
     */
    public static Object read(byte[] bytes, int offset, int length) throws ProtocolException {
        try (JsonParser parser = FACTORY.createParser(bytes, offset, length)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw new ProtocolException("an empty line instead of a JSON value");
            }
            Object value = read(parser, first);
            if (parser.nextToken() != null) {
                throw new ProtocolException("more than one JSON value in a line");
            }
            return value;
        } catch (ProtocolException e) {
            throw e;
        } catch (IOException e) {
            throw new ProtocolException("not JSON: " + firstLine(e), e);
        }
    }

    private static Object read(JsonParser parser, JsonToken token) throws IOException {
        return switch (token) {
            case START_OBJECT -> readObject(parser);
            case START_ARRAY -> readArray(parser);
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT -> parser.getNumberValue();
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> throw new ProtocolException("unexpected " + token);
        };
    }

    private static Map<String, Object> readObject(JsonParser parser) throws IOException {
        Map<String, Object> object = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            object.put(name, read(parser, parser.nextToken()));
        }
        return object;
    }

    private static List<Object> readArray(JsonParser parser) throws IOException {
        List<Object> array = new ArrayList<>();
        for (JsonToken token = parser.nextToken();
                token != JsonToken.END_ARRAY;
                token = parser.nextToken()) {
            array.add(read(parser, token));
        }
        return array;
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
        try (JsonGenerator generator = new FiniteNumbers(FACTORY.createGenerator(line))) {
            write(value, generator);
        } catch (StreamConstraintsException | StackOverflowError e) {
            throw notSerializable(value, "it contains itself, or is nested too deeply", e);
        } catch (IOException | IllegalArgumentException e) {
            throw notSerializable(value, reason(e), e);
        }
        if (line.size() > LineDecoder.MAX_LINE_BYTES) {
            // The receiver would close the channel.
            throw notSerializable(
                    value, "it takes more than " + LineDecoder.MAX_LINE_BYTES + " bytes", null);
        }
        line.append('\n');
        return line.toByteArray();
    }

    private static void write(Object value, JsonGenerator generator) throws IOException {
        switch (value) {
            case null -> generator.writeNull();
            case CharSequence text -> generator.writeString(text.toString());
            case Integer number -> generator.writeNumber(number);
            case Long number -> generator.writeNumber(number);
            case Double number -> generator.writeNumber(number);
            case Boolean bool -> generator.writeBoolean(bool);
            case Map<?, ?> map -> {
                generator.writeStartObject();
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    generator.writeFieldName(String.valueOf(entry.getKey()));
                    write(entry.getValue(), generator);
                }
                generator.writeEndObject();
            }
            case Iterable<?> items -> {
                generator.writeStartArray();
                for (Object item : items) {
                    write(item, generator);
                }
                generator.writeEndArray();
            }
            case Optional<?> optional -> write(optional.orElse(null), generator);
            case Object other -> Mapper.INSTANCE.write(other, generator);
        }
    }

    /** JSON has no NaN and no Infinity; JSON.stringify writes null, and so do we. */
    private static final class FiniteNumbers extends JsonGeneratorDelegate {
        FiniteNumbers(JsonGenerator generator) {
            super(generator);
        }

        @Override
        public void writeNumber(double number) throws IOException {
            if (Double.isFinite(number)) {
                super.writeNumber(number);
            } else {
                writeNull();
            }
        }

        @Override
        public void writeArray(double[] numbers, int offset, int length) throws IOException {
            writeStartArray();
            for (int i = offset; i < offset + length; i++) {
                writeNumber(numbers[i]);
            }
            writeEndArray();
        }

        @Override
        public void writeNumber(float number) throws IOException {
            if (Float.isFinite(number)) {
                super.writeNumber(number);
            } else {
                writeNull();
            }
        }
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
