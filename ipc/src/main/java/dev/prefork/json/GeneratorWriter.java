package dev.prefork.json;

import com.google.gson.stream.JsonWriter;

import tools.jackson.core.JsonGenerator;

import java.io.Writer;
import java.math.BigDecimal;
import java.math.BigInteger;

/** Writes into the middle of what a generator writes. */
final class GeneratorWriter extends JsonWriter {
    private final JsonGenerator generator;

    GeneratorWriter(JsonGenerator generator) {
        super(Writer.nullWriter());
        this.generator = generator;
    }

    @Override
    public JsonWriter beginArray() {
        generator.writeStartArray();
        return this;
    }

    @Override
    public JsonWriter endArray() {
        generator.writeEndArray();
        return this;
    }

    @Override
    public JsonWriter beginObject() {
        generator.writeStartObject();
        return this;
    }

    @Override
    public JsonWriter endObject() {
        generator.writeEndObject();
        return this;
    }

    @Override
    public JsonWriter name(String name) {
        generator.writeName(name);
        return this;
    }

    @Override
    public JsonWriter value(String value) {
        if (value == null) {
            return nullValue();
        }
        generator.writeString(value);
        return this;
    }

    @Override
    public JsonWriter value(boolean value) {
        generator.writeBoolean(value);
        return this;
    }

    @Override
    public JsonWriter value(Boolean value) {
        return value == null ? nullValue() : value(value.booleanValue());
    }

    @Override
    public JsonWriter value(float value) {
        generator.writeNumber(value);
        return this;
    }

    @Override
    public JsonWriter value(double value) {
        generator.writeNumber(value);
        return this;
    }

    @Override
    public JsonWriter value(long value) {
        generator.writeNumber(value);
        return this;
    }

    @Override
    public JsonWriter value(Number value) {
        switch (value) {
            case null -> generator.writeNull();
            case Double number -> generator.writeNumber(number);
            case Float number -> generator.writeNumber(number);
            case BigDecimal number -> generator.writeNumber(number);
            case BigInteger number -> generator.writeNumber(number);
            case Integer number -> generator.writeNumber(number);
            case Long number -> generator.writeNumber(number);
            default -> generator.writeNumber(value.toString());
        }
        return this;
    }

    @Override
    public JsonWriter nullValue() {
        generator.writeNull();
        return this;
    }

    @Override
    public JsonWriter jsonValue(String value) {
        generator.writeRawValue(value);
        return this;
    }

    @Override
    public void flush() {
        // Its owner does.
    }

    @Override
    public void close() {
        // Its owner does.
    }
}
