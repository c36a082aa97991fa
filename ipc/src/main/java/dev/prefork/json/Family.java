package dev.prefork.json;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A sealed type: which of its records an object is says its tag, the simple name of the record. No
 * component can be called so.
 */
final class Family<T> extends TypeAdapter<T> {
    static final String TAG = "@type";

    private final Class<T> type;
    private final Gson gson;
    private final Map<String, Class<?>> members = new LinkedHashMap<>();
    private final TypeAdapter<JsonElement> elements;

    Family(Gson gson, Class<T> type) {
        this.type = type;
        this.gson = gson;
        this.elements = gson.getAdapter(JsonElement.class);
        members(type).distinct().forEach(this::addMember);
    }

    private void addMember(Class<?> member) {
        if (members.put(member.getSimpleName(), member) != null) {
            throw new IllegalArgumentException(
                    "two types of one sealed family are called " + member.getSimpleName());
        }
    }

    /** An enum whose constants have bodies is sealed as well. */
    static boolean isOne(Class<?> type) {
        return type.isSealed() && !type.isEnum() && !Types.isOfTheJdk(type);
    }

    private static Stream<Class<?>> members(Class<?> family) {
        return isOne(family)
                ? Stream.of(family.getPermittedSubclasses()).flatMap(Family::members)
                : Stream.of(family);
    }

    /** What a member of a family is called in it. */
    static Optional<String> tag(Class<?> member) {
        return isMember(member) ? Optional.of(member.getSimpleName()) : Optional.empty();
    }

    private static boolean isMember(Class<?> type) {
        return isOne(type)
                || (type.getSuperclass() != null && isMember(type.getSuperclass()))
                || Stream.of(type.getInterfaces()).anyMatch(Family::isMember);
    }

    @Override
    public T read(JsonReader in) throws IOException {
        if (!Misfit.isThere(in, JsonToken.BEGIN_OBJECT, type)) {
            return null;
        }
        String place = in.getPath();
        in.beginObject();
        JsonObject before = new JsonObject();
        while (in.hasNext()) {
            String name = in.nextName();
            if (name.equals(TAG) && in.peek() == JsonToken.STRING) {
                return member(in.nextString(), before, in, place);
            }
            before.add(name, elements.read(in));
        }
        throw misfit(place, "no \"" + TAG + "\"");
    }

    private T member(String tag, JsonObject before, JsonReader in, String place)
            throws IOException {
        Class<?> member = members.get(tag);
        if (member == null) {
            throw misfit(place, "the \"" + TAG + "\" \"" + Misfit.cut(tag) + "\"");
        }
        TypeAdapter<?> adapter = gson.getAdapter(member);
        if (before.isEmpty() && adapter instanceof RecordType<?> asRecord) {
            return type.cast(asRecord.rest(in));
        }
        while (in.hasNext()) {
            before.add(in.nextName(), elements.read(in));
        }
        in.endObject();
        try {
            return type.cast(adapter.fromJsonTree(before));
        } catch (Misfit inside) {
            throw inside.within(place);
        }
    }

    private Misfit misfit(String place, String tag) {
        return new Misfit(
                place,
                "an object with %s is no %s, which is one of %s"
                        .formatted(tag, type.getSimpleName(), String.join(", ", members.keySet())));
    }

    @Override
    @SuppressWarnings("unchecked") // of its own class
    public void write(JsonWriter out, T value) throws IOException {
        if (value == null) {
            out.nullValue();
        } else {
            ((TypeAdapter<T>) AnyType.adapter(gson, value)).write(out, value);
        }
    }
}
