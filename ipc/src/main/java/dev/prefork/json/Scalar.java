package dev.prefork.json;

import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;
import java.util.function.Function;

/** Texts, numbers and booleans: each is read from its own kind alone. */
final class Scalar<T> extends TypeAdapter<T> implements MayBeMissing {
    private final Class<T> type;
    private final T absent;
    private final T none;
    private final JsonToken kind;
    private final Function<String, T> parse;

    private Scalar(Class<T> type, T absent, T none, JsonToken kind, Function<String, T> parse) {
        this.type = type;
        this.absent = absent;
        this.none = none;
        this.kind = kind;
        this.parse = parse;
    }

    /** Those that are asked for are made, so that a start does not pay for all. */
    static Optional<TypeAdapter<?>> of(Class<?> type) {
        return Optional.ofNullable(
                switch (type.getName()) {
                    case "byte" -> whole(byte.class, (byte) 0, BigInteger::byteValueExact);
                    case "short" -> whole(short.class, (short) 0, BigInteger::shortValueExact);
                    case "int" -> number(int.class, 0, null, Scalar::intExact);
                    case "long" -> number(long.class, 0L, null, Scalar::longExact);
                    case "java.lang.Byte" -> whole(Byte.class, null, BigInteger::byteValueExact);
                    case "java.lang.Short" -> whole(Short.class, null, BigInteger::shortValueExact);
                    case "java.lang.Integer" -> number(Integer.class, null, null, Scalar::intExact);
                    case "java.lang.Long" -> number(Long.class, null, null, Scalar::longExact);
                    case "java.math.BigInteger" -> whole(BigInteger.class, null, whole -> whole);
                    // What was no number when it was written is none when it is read.
                    case "double" -> number(double.class, 0.0, Double.NaN, Double::valueOf);
                    case "float" -> number(float.class, 0f, Float.NaN, Float::valueOf);
                    case "java.lang.Double" -> number(Double.class, null, null, Double::valueOf);
                    case "java.lang.Float" -> number(Float.class, null, null, Float::valueOf);
                    case "java.math.BigDecimal" ->
                            number(BigDecimal.class, null, null, BigDecimal::new);
                    case "boolean" -> bool(boolean.class, false);
                    case "java.lang.Boolean" -> bool(Boolean.class, null);
                    case "java.lang.String" -> text(String.class, null, text -> text);
                    case "char" -> text(char.class, '\0', Scalar::character);
                    case "java.lang.Character" -> text(Character.class, null, Scalar::character);
                    default -> null;
                });
    }

    private static <T> Scalar<T> whole(Class<T> type, T absent, Function<BigInteger, T> exact) {
        return number(type, absent, null, text -> exact.apply(whole(text)));
    }

    private static <T> Scalar<T> number(
            Class<T> type, T absent, T none, Function<String, T> parse) {
        return new Scalar<>(type, absent, none, JsonToken.NUMBER, parse);
    }

    private static Scalar<Boolean> bool(Class<Boolean> type, Boolean absent) {
        return new Scalar<>(type, absent, null, JsonToken.BOOLEAN, null);
    }

    private static <T> Scalar<T> text(Class<T> type, T absent, Function<String, T> parse) {
        return new Scalar<>(type, absent, null, JsonToken.STRING, parse);
    }

    private static int intExact(String text) {
        return Math.toIntExact(longExact(text));
    }

    private static long longExact(String text) {
        return JsonReading.isWhole(text) && text.length() <= JsonReading.DIGITS_OF_A_LONG
                ? Long.parseLong(text)
                : whole(text).longValueExact();
    }

    /** A Double of another Java process is 5.0 in JSON. */
    private static BigInteger whole(String text) {
        if (JsonReading.isWhole(text)) {
            return new BigInteger(text);
        }
        double rounded = Double.parseDouble(text);
        BigDecimal exact = new BigDecimal(text);
        if (!Double.isFinite(rounded)
                || rounded % 1 != 0
                || (rounded == 0 && exact.signum() != 0)) {
            throw new NumberFormatException();
        }
        return exact.toBigIntegerExact();
    }

    private static char character(String text) {
        if (text.length() != 1) {
            throw new IllegalArgumentException();
        }
        return text.charAt(0);
    }

    @Override
    public Object absent() {
        return absent;
    }

    @Override
    @SuppressWarnings("unchecked") // of the boolean ones
    public T read(JsonReader in) throws IOException {
        JsonToken next = in.peek();
        if (next == JsonToken.NULL && (none != null || !type.isPrimitive())) {
            in.nextNull();
            return none;
        }
        if (next != kind) {
            throw Misfit.next(in, type);
        }
        if (kind == JsonToken.BOOLEAN) {
            return (T) (Boolean) in.nextBoolean();
        }
        String text = in.nextString();
        try {
            return parse.apply(text);
        } catch (NumberFormatException e) {
            throw misfit(in, "a fraction is no ");
        } catch (ArithmeticException e) {
            throw misfit(in, "a number is beyond ");
        } catch (IllegalArgumentException e) {
            throw misfit(in, "a text is no ");
        }
    }

    private Misfit misfit(JsonReader in, String what) {
        return new Misfit(in.getPreviousPath(), what + type.getSimpleName());
    }

    @Override
    public void write(JsonWriter out, T value) throws IOException {
        switch (value) {
            case null -> out.nullValue();
            case Number number -> out.value(number);
            case Boolean bool -> out.value(bool);
            default -> out.value(value.toString());
        }
    }
}
