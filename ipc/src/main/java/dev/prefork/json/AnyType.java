package dev.prefork.json;

import com.google.gson.Gson;
import com.google.gson.TypeAdapter;
import com.google.gson.reflect.TypeToken;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;

import java.io.IOException;
import java.util.Optional;

/**
 * Whatever else there is. It is written as what it is, rather than as it was declared; what cannot
 * be read is said.
 *
 * @param <T> a class of the application, a collection or an array; or an interface, or a class of
 *     the JDK that is nothing of the kind
 */
final class AnyType<T> extends TypeAdapter<T> {
    /** What the text must be. */
    enum Shape {
        OBJECT(JsonToken.BEGIN_OBJECT),
        ARRAY(JsonToken.BEGIN_ARRAY);

        private final JsonToken begin;

        Shape(JsonToken begin) {
            this.begin = begin;
        }
    }

    private final Gson gson;
    private final Class<? super T> type;
    private final Shape shape;
    private final Optional<TypeAdapter<T>> own;

    private AnyType(Gson gson, Class<? super T> type, Shape shape, Optional<TypeAdapter<T>> own) {
        this.gson = gson;
        this.type = type;
        this.shape = shape;
        this.own = own;
    }

    /** What the library reads and writes. */
    static <T> AnyType<T> readable(
            Gson gson, TypeToken<T> type, Shape shape, TypeAdapter<T> library) {
        return new AnyType<>(gson, type.getRawType(), shape, Optional.of(library));
    }

    /** What nobody can make one of. */
    static <T> AnyType<T> unreadable(Gson gson, TypeToken<T> type) {
        return new AnyType<>(gson, type.getRawType(), Shape.OBJECT, Optional.empty());
    }

    @Override
    public T read(JsonReader in) throws IOException {
        if (own.isEmpty() && in.peek() != JsonToken.NULL) {
            throw new Misfit(in.getPath(), whyUnreadable());
        }
        return Misfit.isThere(in, shape.begin, type) ? own.get().read(in) : null;
    }

    private String whyUnreadable() {
        return type.isInterface()
                ? "an interface, "
                        + type.getName()
                        + ", can be read if it is sealed: then a \""
                        + Family.TAG
                        + "\" says which record it is"
                : "a " + type.getName() + " cannot be read; use a record";
    }

    @Override
    @SuppressWarnings("unchecked") // of its own class
    public void write(JsonWriter out, T value) throws IOException {
        if (value == null) {
            out.nullValue();
        } else if (own.isPresent() && (shape == Shape.ARRAY || value.getClass() == type)) {
            own.get().write(out, value);
        } else if (value.getClass() == type) {
            throw new IllegalArgumentException(
                    "a " + type.getName() + " is neither a record nor a bean");
        } else {
            ((TypeAdapter<T>) adapter(gson, value)).write(out, value);
        }
    }

    /** For what is declared so; an Object is written as what it is, and read as Json reads it. */
    static TypeAdapter<?> declared(Gson gson, TypeToken<?> type) {
        TypeAdapter<?> adapter = gson.getAdapter(type);
        return type.getRawType() == Object.class ? new Anything(gson, adapter) : adapter;
    }

    private static final class Anything extends TypeAdapter<Object> {
        private final Gson gson;
        private final TypeAdapter<?> reader;

        Anything(Gson gson, TypeAdapter<?> reader) {
            this.gson = gson;
            this.reader = reader;
        }

        @Override
        public Object read(JsonReader in) throws IOException {
            return reader.read(in);
        }

        @Override
        @SuppressWarnings("unchecked") // of its own class
        public void write(JsonWriter out, Object value) throws IOException {
            if (value == null) {
                out.nullValue();
            } else {
                ((TypeAdapter<Object>) adapter(gson, value)).write(out, value);
            }
        }
    }

    /** For the value as what it is; the library would write null for a class without a name. */
    static TypeAdapter<?> adapter(Gson gson, Object value) {
        Class<?> type = value.getClass();
        if (type == Object.class || (type.isAnonymousClass() && !(value instanceof Enum))) {
            throw new IllegalArgumentException(
                    "a " + type.getName() + " is neither a record nor a bean");
        }
        return gson.getAdapter(type);
    }
}
