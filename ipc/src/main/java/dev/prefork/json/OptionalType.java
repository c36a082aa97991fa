package dev.prefork.json;

import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * The value, or null. What is Optional twice is left out when it is missing, so that it is told
 * from null.
 */
final class OptionalType<O, T> extends TypeAdapter<O> implements MayBeMissing {
    private final TypeAdapter<T> inner;
    private final Function<T, O> of;
    private final Function<O, T> orNull;

    private OptionalType(TypeAdapter<T> inner, Function<T, O> of, Function<O, T> orNull) {
        this.inner = inner;
        this.of = of;
        this.orNull = orNull;
    }

    static <T> OptionalType<Optional<T>, T> of(TypeAdapter<T> inner) {
        return new OptionalType<>(inner, Optional::ofNullable, value -> value.orElse(null));
    }

    static OptionalType<OptionalInt, Integer> ofInt(TypeAdapter<Integer> inner) {
        return new OptionalType<>(
                inner,
                value -> value == null ? OptionalInt.empty() : OptionalInt.of(value),
                value -> value.isPresent() ? value.getAsInt() : null);
    }

    static OptionalType<OptionalLong, Long> ofLong(TypeAdapter<Long> inner) {
        return new OptionalType<>(
                inner,
                value -> value == null ? OptionalLong.empty() : OptionalLong.of(value),
                value -> value.isPresent() ? value.getAsLong() : null);
    }

    static OptionalType<OptionalDouble, Double> ofDouble(TypeAdapter<Double> inner) {
        return new OptionalType<>(
                inner,
                value -> value == null ? OptionalDouble.empty() : OptionalDouble.of(value),
                value -> value.isPresent() ? value.getAsDouble() : null);
    }

    /** Whether an empty one is left out of an object. */
    boolean isTwice() {
        return inner instanceof OptionalType;
    }

    @Override
    public Object absent() {
        return of.apply(null);
    }

    @Override
    public O read(JsonReader in) throws IOException {
        if (in.peek() == JsonToken.NULL && !isTwice()) {
            in.nextNull();
            return of.apply(null);
        }
        return of.apply(inner.read(in));
    }

    @Override
    public void write(JsonWriter out, O value) throws IOException {
        T present = value == null ? null : orNull.apply(value);
        if (present == null) {
            out.nullValue();
        } else {
            inner.write(out, present);
        }
    }
}
