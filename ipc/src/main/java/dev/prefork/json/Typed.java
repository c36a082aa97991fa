package dev.prefork.json;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonIOException;
import com.google.gson.JsonParseException;
import com.google.gson.TypeAdapter;
import com.google.gson.TypeAdapterFactory;
import com.google.gson.reflect.TypeToken;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;

import java.io.IOException;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The application's own types: records, beans, enums, collections, times.
 *
 * <p>Loaded when the first of them is read or written: a worker that never does must not wait for
 * the library at its start.
 */
final class Typed implements TypeAdapterFactory {
    private static final Gson GSON =
            new GsonBuilder()
                    .serializeNulls()
                    .disableHtmlEscaping()
                    .disableJdkUnsafe()
                    .setObjectToNumberStrategy(in -> JsonReading.number(in.nextString()))
                    .registerTypeAdapterFactory(new Typed())
                    .create();

    /** The library reads and writes them as numbers. */
    private static final Set<Class<?>> COUNTERS =
            Set.of(
                    Number.class,
                    AtomicBoolean.class,
                    AtomicInteger.class,
                    AtomicLong.class,
                    AtomicIntegerArray.class,
                    AtomicLongArray.class);

    private Typed() {}

    static void write(Object value, JsonWriter writer) throws IOException {
        write(AnyType.adapter(GSON, value), value, writer);
    }

    @SuppressWarnings("unchecked") // of its own class
    private static <T> void write(TypeAdapter<T> adapter, Object value, JsonWriter writer)
            throws IOException {
        adapter.write(writer, (T) value);
    }

    /**
     * Reads the text as the type.
     *
     * @param name of the member that is meant, in an object; or null: the whole text
     */
    static Object read(String text, String name, Type type) {
        try {
            TypeAdapter<?> adapter = GSON.getAdapter(TypeToken.get(type));
            return Json.parse(
                    text,
                    in -> {
                        if (name != null) {
                            skipTo(name, in);
                        }
                        return adapter.read(in);
                    });
        } catch (IOException | RuntimeException | StackOverflowError e) {
            throw new IllegalArgumentException(
                    "cannot read the message as " + type.getTypeName() + ": " + why(e), e);
        }
    }

    private static void skipTo(String name, JsonReader in) throws IOException {
        in.beginObject();
        while (!in.nextName().equals(name)) {
            in.skipValue();
        }
    }

    private static String why(Throwable e) {
        return switch (e) {
            case StackOverflowError deep -> "it is nested too deeply";
            case Misfit misfit -> misfit.getMessage();
            // The library's own words are about types, where it has any of ours.
            case JsonIOException type -> Misfit.cut(type);
            case JsonParseException type -> Misfit.cut(type);
            case IllegalArgumentException type -> type.getMessage();
            default -> Misfit.cut(e);
        };
    }

    @Override
    @SuppressWarnings({"unchecked", "rawtypes"}) // each is for the type that it is asked for
    public <T> TypeAdapter<T> create(Gson gson, TypeToken<T> token) {
        Class<? super T> type = token.getRawType();
        Optional<? extends TypeAdapter<?>> simple = Scalar.of(type);
        if (simple.isEmpty()) {
            simple = Text.of(type);
        }
        if (simple.isPresent()) {
            return (TypeAdapter<T>) simple.get();
        } else if (Enum.class.isAssignableFrom(type) && type != Enum.class) {
            return (TypeAdapter<T>)
                    Text.ofEnum((Class) (type.isEnum() ? type : type.getSuperclass()));
        } else if (type.isRecord()) {
            return (TypeAdapter<T>) new RecordType(gson, token, type);
        } else if (Family.isOne(type)) {
            return (TypeAdapter<T>) new Family(gson, type);
        } else if (Map.class.isAssignableFrom(type)) {
            return (TypeAdapter<T>) MapType.of(gson, token);
        }
        Optional<TypeAdapter<?>> optional = optional(gson, token);
        return optional.isPresent() ? (TypeAdapter<T>) optional.get() : any(gson, token);
    }

    private static Optional<TypeAdapter<?>> optional(Gson gson, TypeToken<?> token) {
        Class<?> type = token.getRawType();
        if (type == Optional.class) {
            TypeToken<?> inner = TypeToken.get(Types.parameter(token, 0));
            return Optional.of(OptionalType.of(gson.getAdapter(inner)));
        } else if (type == OptionalInt.class) {
            return Optional.of(OptionalType.ofInt(gson.getAdapter(Integer.class)));
        } else if (type == OptionalLong.class) {
            return Optional.of(OptionalType.ofLong(gson.getAdapter(Long.class)));
        } else if (type == OptionalDouble.class) {
            return Optional.of(OptionalType.ofDouble(gson.getAdapter(Double.class)));
        }
        return Optional.empty();
    }

    private <T> TypeAdapter<T> any(Gson gson, TypeToken<T> token) {
        Class<? super T> type = token.getRawType();
        boolean isOfTheLibrary = type.getName().startsWith(Gson.class.getPackageName() + ".");
        if (type == Object.class || isOfTheLibrary || COUNTERS.contains(type)) {
            return null;
        } else if (type.isArray() || Collection.class.isAssignableFrom(type)) {
            return AnyType.readable(
                    gson, token, AnyType.Shape.ARRAY, gson.getDelegateAdapter(this, token));
        } else if (type.isInterface() || type.isHidden() || Types.isOfTheJdk(type)) {
            return AnyType.unreadable(gson, token);
        }
        return AnyType.readable(
                gson, token, AnyType.Shape.OBJECT, gson.getDelegateAdapter(this, token));
    }
}
