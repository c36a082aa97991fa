package dev.prefork.json;

import tools.jackson.core.JsonGenerator;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;

/**
 * From values to JSON, in a loop: a value that is nested deeply, or contains itself, does not need
 * a deep stack.
 */
final class JsonWriting {
    /** Writes what is neither a Map nor an Iterable nor simple. */
    @FunctionalInterface
    interface Others {
        void write(Object value, JsonGenerator generator);
    }

    private final JsonGenerator generator;
    private final Others others;

    /**
     * What is left of the objects and arrays that are not yet at their end, the innermost first.
     */
    private final ArrayDeque<Iterator<?>> open = new ArrayDeque<>();

    private JsonWriting(JsonGenerator generator, Others others) {
        this.generator = generator;
        this.others = others;
    }

    static void write(Object value, JsonGenerator generator, Others others) {
        JsonWriting writing = new JsonWriting(generator, others);
        writing.begin(value);
        while (!writing.open.isEmpty()) {
            writing.goOn(writing.open.element());
        }
    }

    private void goOn(Iterator<?> rest) {
        boolean isObject = generator.streamWriteContext().inObject();
        if (!rest.hasNext()) {
            open.pop();
            if (isObject) {
                generator.writeEndObject();
            } else {
                generator.writeEndArray();
            }
        } else if (isObject) {
            Map.Entry<?, ?> entry = (Map.Entry<?, ?>) rest.next();
            generator.writeName(name(entry.getKey()));
            begin(entry.getValue());
        } else {
            begin(rest.next());
        }
    }

    private void begin(Object value) {
        switch (value) {
            case null -> generator.writeNull();
            case CharSequence text -> generator.writeString(text.toString());
            case Integer number -> generator.writeNumber(number);
            case Long number -> generator.writeNumber(number);
            case Double number -> generator.writeNumber(number);
            case Boolean bool -> generator.writeBoolean(bool);
            case BigDecimal number -> generator.writeNumber(number);
            case BigInteger number -> generator.writeNumber(number);
            case Path path -> generator.writeString(path.toString()); // is Iterable, of paths
            case Map<?, ?> map -> {
                generator.writeStartObject();
                open.push(map.entrySet().iterator());
            }
            case Iterable<?> items -> {
                generator.writeStartArray();
                open.push(items.iterator());
            }
            case Optional<?> optional -> begin(optional.orElse(null));
            case Object other -> others.write(other, generator);
        }
    }

    private static String name(Object key) {
        return key instanceof Enum<?> constant ? constant.name() : String.valueOf(key);
    }
}
