package dev.prefork.json;

import java.io.IOException;
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
    /** What is left of an object or an array that is not yet at its end. */
    private record Open(Iterator<?> rest, boolean isObject) {}

    private final LineWriter writer;

    /** The innermost first. */
    private final ArrayDeque<Open> open = new ArrayDeque<>();

    private JsonWriting(LineWriter writer) {
        this.writer = writer;
    }

    static void write(Object value, LineWriter writer) throws IOException {
        JsonWriting writing = new JsonWriting(writer);
        writing.begin(value);
        while (!writing.open.isEmpty()) {
            writing.goOn(writing.open.element());
        }
    }

    private void goOn(Open innermost) throws IOException {
        Iterator<?> rest = innermost.rest();
        if (!rest.hasNext()) {
            open.pop();
            var _ = innermost.isObject() ? writer.endObject() : writer.endArray();
        } else if (innermost.isObject()) {
            Map.Entry<?, ?> entry = (Map.Entry<?, ?>) rest.next();
            var _ = writer.name(name(entry.getKey()));
            begin(entry.getValue());
        } else {
            begin(rest.next());
        }
    }

    private void begin(Object value) throws IOException {
        switch (value) {
            case null -> writer.nullValue();
            case CharSequence text -> writer.value(text.toString());
            case Integer number -> writer.value(number.longValue());
            case Long number -> writer.value(number.longValue());
            case Double number -> writer.value(number.doubleValue());
            case Boolean bool -> writer.value(bool.booleanValue());
            case BigDecimal number -> writer.value(number);
            case BigInteger number -> writer.value(number);
            case Path path -> writer.value(path.toString()); // is Iterable, of paths
            case Map<?, ?> map -> {
                var _ = writer.beginObject();
                open.push(new Open(map.entrySet().iterator(), true));
            }
            case Iterable<?> items -> {
                var _ = writer.beginArray();
                open.push(new Open(items.iterator(), false));
            }
            case Optional<?> optional -> begin(optional.orElse(null));
            // Nothing else brings the mapper in.
            case Object other -> Typed.write(other, writer);
        }
    }

    private static String name(Object key) {
        return key instanceof Enum<?> constant ? constant.name() : String.valueOf(key);
    }
}
