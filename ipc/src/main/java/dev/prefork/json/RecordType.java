package dev.prefork.json;

import com.google.gson.Gson;
import com.google.gson.TypeAdapter;
import com.google.gson.reflect.TypeToken;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A record: an object of its components, by their names and in their order. */
final class RecordType<T> extends TypeAdapter<T> {
    private record Component(String name, Method accessor, TypeAdapter<Object> adapter) {}

    private final Class<T> type;
    private final Optional<String> tag;
    private final Constructor<T> constructor;
    private final Component[] components;
    private final Map<String, Integer> places = new HashMap<>();

    /** What a record has of which the text says nothing. */
    private final Object[] nothing;

    RecordType(Gson gson, TypeToken<T> token, Class<T> type) {
        this.type = type;
        this.tag = Family.tag(type);
        RecordComponent[] declared = type.getRecordComponents();
        this.constructor = constructor(type, declared);
        this.components =
                Stream.of(declared)
                        .map(component -> component(gson, token, component))
                        .toArray(Component[]::new);
        this.nothing =
                Stream.of(components)
                        .map(
                                each ->
                                        each.adapter instanceof MayBeMissing missing
                                                ? missing.absent()
                                                : null)
                        .toArray();
        for (int i = 0; i < components.length; i++) {
            places.put(components[i].name, i);
        }
    }

    private static <T> Constructor<T> constructor(Class<T> type, RecordComponent[] declared) {
        try {
            Constructor<T> canonical =
                    type.getDeclaredConstructor(
                            Stream.of(declared)
                                    .map(RecordComponent::getType)
                                    .toArray(Class<?>[]::new));
            canonical.setAccessible(true);
            return canonical;
        } catch (NoSuchMethodException e) {
            throw new AssertionError(type + " is a record", e);
        } catch (InaccessibleObjectException e) {
            throw closed(type, e);
        }
    }

    private static IllegalArgumentException closed(Class<?> type, Exception cause) {
        Module reader = RecordType.class.getModule();
        return new IllegalArgumentException(
                "module %s does not open %s: add `opens %s%s;` to its module-info"
                        .formatted(
                                type.getModule().getName(),
                                type.getPackageName(),
                                type.getPackageName(),
                                reader.isNamed() ? " to " + reader.getName() : ""),
                cause);
    }

    @SuppressWarnings("unchecked") // of the component's type
    private static Component component(Gson gson, TypeToken<?> token, RecordComponent component) {
        Method accessor = component.getAccessor();
        accessor.setAccessible(true);
        TypeToken<?> type = TypeToken.get(Types.in(token, component.getGenericType()));
        return new Component(
                component.getName(), accessor, (TypeAdapter<Object>) AnyType.declared(gson, type));
    }

    @Override
    public T read(JsonReader in) throws IOException {
        if (!Misfit.isThere(in, JsonToken.BEGIN_OBJECT, type)) {
            return null;
        }
        in.beginObject();
        return rest(in);
    }

    /** Reads what is left of an object that has begun. */
    T rest(JsonReader in) throws IOException {
        Object[] values = Arrays.copyOf(nothing, nothing.length);
        while (in.hasNext()) {
            Integer place = places.get(in.nextName());
            if (place == null) {
                in.skipValue();
            } else {
                values[place] = components[place].adapter.read(in);
            }
        }
        in.endObject();
        try {
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            throw new Misfit(in.getPreviousPath(), Misfit.cut(e.getCause()), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot make a " + type, e);
        }
    }

    @Override
    public void write(JsonWriter out, T value) throws IOException {
        if (value == null) {
            out.nullValue();
            return;
        }
        out.beginObject();
        if (tag.isPresent()) {
            out.name(Family.TAG).value(tag.get());
        }
        for (Component component : components) {
            Object part = part(value, component);
            boolean isMissing =
                    component.adapter instanceof OptionalType<?, ?> optional
                            && optional.isTwice()
                            && optional.absent().equals(part);
            if (!isMissing) {
                out.name(component.name);
                component.adapter.write(out, part);
            }
        }
        out.endObject();
    }

    private static Object part(Object value, Component component) {
        try {
            return component.accessor.invoke(value);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(
                    component.name + "(): " + Misfit.cut(e.getCause()), e.getCause());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
