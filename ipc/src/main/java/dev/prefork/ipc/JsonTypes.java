package dev.prefork.ipc;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.jr.ob.JSONObjectException;
import com.fasterxml.jackson.jr.ob.JacksonJrExtension;
import com.fasterxml.jackson.jr.ob.api.ExtensionContext;
import com.fasterxml.jackson.jr.ob.api.ReaderWriterModifier;
import com.fasterxml.jackson.jr.ob.api.ReaderWriterProvider;
import com.fasterxml.jackson.jr.ob.api.ValueReader;
import com.fasterxml.jackson.jr.ob.api.ValueWriter;
import com.fasterxml.jackson.jr.ob.impl.JSONReader;
import com.fasterxml.jackson.jr.ob.impl.JSONWriter;
import com.fasterxml.jackson.jr.ob.impl.POJODefinition;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;
import java.util.Set;

/**
 * What the mapper must be told: an Optional is its value or null, and no object of the JDK is a
 * bean.
 */
final class JsonTypes extends JacksonJrExtension {
    @Override
    protected void register(ExtensionContext context) {
        context.insertProvider(new Optionals());
        context.insertModifier(new Modifier());
    }

    private static final class Optionals extends ReaderWriterProvider {
        @Override
        public ValueWriter findValueWriter(JSONWriter context, Class<?> type) {
            return type == Optional.class ? new OptionalWriter() : null;
        }

        @Override
        public ValueReader findValueReader(JSONReader context, Class<?> type) {
            return type == Optional.class ? new UnreadableOptional() : null;
        }
    }

    private static final class OptionalWriter implements ValueWriter {
        @Override
        public void writeValue(JSONWriter context, JsonGenerator generator, Object value)
                throws IOException {
            context.writeValue(((Optional<?>) value).orElse(null));
        }

        @Override
        public Class<?> valueType() {
            return Optional.class;
        }
    }

    /** The mapper does not say what an Optional is of. */
    private static final class UnreadableOptional extends ValueReader {
        UnreadableOptional() {
            super(Optional.class);
        }

        @Override
        public Object read(JSONReader reader, JsonParser parser) throws IOException {
            throw new JSONObjectException(
                    "an Optional cannot be read; use a component that may be null");
        }
    }

    private static final class Modifier extends ReaderWriterModifier {
        /**
         * Unasked, the mapper calls whatever getters there are, such as getAndIncrement of an
         * AtomicInteger.
         */
        @Override
        public POJODefinition pojoDefinitionForSerialization(JSONWriter context, Class<?> type) {
            if (type.isHidden() || isOfTheJdk(type)) {
                throw new IllegalArgumentException(
                        "a " + type.getName() + " is neither a record nor a bean");
            }
            return null;
        }

        private static boolean isOfTheJdk(Class<?> type) {
            ClassLoader loader = type.getClassLoader();
            return loader == null || loader.equals(ClassLoader.getPlatformClassLoader());
        }

        @Override
        public ValueReader modifyValueReader(
                JSONReader context, Class<?> type, ValueReader reader) {
            return Scalar.of(type)
                    .<ValueReader>map(scalar -> new ScalarReader(scalar, type, reader))
                    .orElse(reader);
        }
    }

    /** What a component of a simple type may be in JSON, beside null. */
    private enum Scalar {
        TEXT,
        WHOLE_NUMBER,
        NUMBER,
        BOOLEAN;

        static Optional<Scalar> of(Class<?> type) {
            if (type == String.class) {
                return Optional.of(TEXT);
            } else if (type == boolean.class || type == Boolean.class) {
                return Optional.of(BOOLEAN);
            } else if (WHOLE_NUMBERS.contains(type)) {
                return Optional.of(WHOLE_NUMBER);
            } else if (NUMBERS.contains(type)) {
                return Optional.of(NUMBER);
            }
            return Optional.empty();
        }

        boolean accepts(JsonParser parser) throws IOException {
            JsonToken token = parser.currentToken();
            return token == JsonToken.VALUE_NULL
                    || switch (this) {
                        case TEXT -> token == JsonToken.VALUE_STRING;
                        case BOOLEAN -> token.isBoolean();
                        case NUMBER -> token.isNumeric();
                        // A Double of another Java process is 5.0 in JSON.
                        case WHOLE_NUMBER ->
                                token == JsonToken.VALUE_NUMBER_INT
                                        || (token == JsonToken.VALUE_NUMBER_FLOAT
                                                && parser.getDoubleValue() % 1 == 0);
                    };
        }
    }

    private static final Set<Class<?>> WHOLE_NUMBERS =
            Set.of(
                    byte.class,
                    Byte.class,
                    short.class,
                    Short.class,
                    int.class,
                    Integer.class,
                    long.class,
                    Long.class,
                    BigInteger.class);

    private static final Set<Class<?>> NUMBERS =
            Set.of(float.class, Float.class, double.class, Double.class, BigDecimal.class);

    /** Unasked, the mapper makes null, 0 or something similar of a value of another type. */
    private static final class ScalarReader extends ValueReader {
        private final Scalar scalar;
        private final ValueReader reader;

        ScalarReader(Scalar scalar, Class<?> type, ValueReader reader) {
            super(type);
            this.scalar = scalar;
            this.reader = reader;
        }

        @Override
        public Object read(JSONReader context, JsonParser parser) throws IOException {
            if (!scalar.accepts(parser)) {
                throw new JSONObjectException(
                        "a " + parser.currentToken() + " is no " + valueType().getSimpleName());
            }
            return reader.read(context, parser);
        }
    }
}
