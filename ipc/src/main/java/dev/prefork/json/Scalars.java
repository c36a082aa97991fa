package dev.prefork.json;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.Deserializers;
import tools.jackson.databind.deser.ValueDeserializerModifier;
import tools.jackson.databind.deser.std.DelegatingDeserializer;
import tools.jackson.databind.deser.std.FromStringDeserializer;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.ext.jdk8.Jdk8OptionalDeserializer;
import tools.jackson.databind.jsontype.TypeDeserializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.ToStringSerializer;
import tools.jackson.databind.type.ReferenceType;
import tools.jackson.databind.util.AccessPattern;

import java.io.File;
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What the library has otherwise: whole numbers, null where there is none, and paths. */
final class Scalars extends SimpleModule {
    private static final long serialVersionUID = 1L;

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

    Scalars() {
        super("prefork");
        setDeserializerModifier(new Modifier());
        setSerializerModifier(new OwnTypes());
        // As they are: the library makes all absolute.
        addSerializer(Path.class, ToStringSerializer.instance);
        addDeserializer(Path.class, new PathReader());
        addSerializer(File.class, ToStringSerializer.instance);
        addDeserializer(double[].class, new Fractions());
        addDeserializer(float[].class, new ShortFractions());
    }

    @Override
    public void setupModule(SetupContext context) {
        super.setupModule(context);
        context.addDeserializers(new Optionals());
    }

    private static final class PathReader extends FromStringDeserializer<Path> {
        PathReader() {
            super(Path.class);
        }

        @Override
        protected Path _deserialize(String text, DeserializationContext context) {
            return Path.of(text);
        }

        @Override
        protected Object _deserializeFromEmptyString(DeserializationContext context) {
            return Path.of("");
        }
    }

    private static final class Modifier extends ValueDeserializerModifier {
        private static final long serialVersionUID = 1L;

        @Override
        public ValueDeserializer<?> modifyDeserializer(
                DeserializationConfig config,
                BeanDescription.Supplier description,
                ValueDeserializer<?> deserializer) {
            Class<?> type = description.getBeanClass();
            return WHOLE_NUMBERS.contains(type) || type.isPrimitive()
                    ? new Number(deserializer, type)
                    : deserializer;
        }
    }

    /** A primitive, or a whole number. */
    private static final class Number extends DelegatingDeserializer {
        private final Class<?> type;

        Number(ValueDeserializer<?> deserializer, Class<?> type) {
            super(deserializer);
            this.type = type;
        }

        @Override
        protected ValueDeserializer<?> newDelegatingInstance(ValueDeserializer<?> other) {
            return new Number(other, type);
        }

        /** A Double of another Java process is 5.0 in JSON. */
        @Override
        public Object deserialize(JsonParser parser, DeserializationContext context) {
            Object whole =
                    parser.hasToken(JsonToken.VALUE_NUMBER_FLOAT) && WHOLE_NUMBERS.contains(type)
                            ? whole(parser)
                            : null;
            return whole == null ? super.deserialize(parser, context) : whole;
        }

        private Object whole(JsonParser parser) {
            double rounded = parser.getDoubleValue();
            if (!Double.isFinite(rounded) || rounded % 1 != 0) {
                return null;
            }
            BigDecimal exact = parser.getDecimalValue();
            if (rounded == 0 && exact.signum() != 0) {
                return null;
            }
            try {
                BigInteger whole = exact.toBigIntegerExact();
                return switch (type.getSimpleName()) {
                    case "byte", "Byte" -> whole.byteValueExact();
                    case "short", "Short" -> whole.shortValueExact();
                    case "int", "Integer" -> whole.intValueExact();
                    case "long", "Long" -> whole.longValueExact();
                    default -> whole;
                };
            } catch (ArithmeticException noneOrTooLarge) {
                return null;
            }
        }

        /**
         * What was no number when it was written is none when it is read; other primitives cannot
         * be null.
         */
        @Override
        public Object getNullValue(DeserializationContext context) {
            if (type == double.class) {
                return Double.NaN;
            } else if (type == float.class) {
                return Float.NaN;
            }
            return super.getNullValue(context);
        }

        @Override
        public AccessPattern getNullAccessPattern() {
            return AccessPattern.DYNAMIC;
        }

        /** What is missing is 0, false or null. */
        @Override
        public Object getAbsentValue(DeserializationContext context) {
            return type.isPrimitive() ? Array.get(Array.newInstance(type, 1), 0) : null;
        }
    }

    private static final class Fractions extends StdDeserializer<double[]> {
        Fractions() {
            super(double[].class);
        }

        @Override
        public double[] deserialize(JsonParser parser, DeserializationContext context) {
            return Stream.of(context.readValue(parser, Double[].class))
                    .mapToDouble(each -> each == null ? Double.NaN : each)
                    .toArray();
        }
    }

    private static final class ShortFractions extends StdDeserializer<float[]> {
        ShortFractions() {
            super(float[].class);
        }

        @Override
        public float[] deserialize(JsonParser parser, DeserializationContext context) {
            Float[] read = context.readValue(parser, Float[].class);
            float[] fractions = new float[read.length];
            for (int i = 0; i < read.length; i++) {
                fractions[i] = read[i] == null ? Float.NaN : read[i];
            }
            return fractions;
        }
    }

    private static final class Optionals implements Deserializers {
        @Override
        public boolean hasDeserializerFor(DeserializationConfig config, Class<?> type) {
            return false;
        }

        @Override
        public ValueDeserializer<?> findReferenceDeserializer(
                ReferenceType type,
                DeserializationConfig config,
                BeanDescription.Supplier description,
                TypeDeserializer contentType,
                ValueDeserializer<?> content) {
            return Tags.isOptionalTwice(type)
                    ? new OptionalTwice(type, contentType, content)
                    : null;
        }
    }

    /** Empty when it is missing; an Optional that is empty when it is null. */
    private static final class OptionalTwice extends Jdk8OptionalDeserializer {
        OptionalTwice(JavaType type, TypeDeserializer contentType, ValueDeserializer<?> content) {
            super(type, null, contentType, content);
        }

        @Override
        public OptionalTwice withResolved(TypeDeserializer type, ValueDeserializer<?> content) {
            return new OptionalTwice(_fullType, type, content);
        }

        @Override
        public Object getAbsentValue(DeserializationContext context) {
            return Optional.empty();
        }
    }
}
