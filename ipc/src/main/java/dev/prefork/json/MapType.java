package dev.prefork.json;

import com.google.gson.Gson;
import com.google.gson.TypeAdapter;
import com.google.gson.reflect.TypeToken;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;

import java.io.IOException;
import java.io.StringReader;
import java.lang.reflect.Type;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** A map: an object, whose names are the keys as texts. */
final class MapType<K, V> extends TypeAdapter<Map<K, V>> {
    private final Class<?> type;
    private final Class<?> keyType;
    private final TypeAdapter<K> keys;
    private final TypeAdapter<V> values;

    @SuppressWarnings("unchecked") // of the map's parameters
    private MapType(Gson gson, Class<?> type, Type key, Type value) {
        this.type = type;
        this.keyType = TypeToken.get(key).getRawType();
        this.keys = (TypeAdapter<K>) gson.getAdapter(TypeToken.get(key));
        this.values = (TypeAdapter<V>) AnyType.declared(gson, TypeToken.get(value));
    }

    static TypeAdapter<?> of(Gson gson, TypeToken<?> type) {
        Type key = Types.parameter(type, 0);
        return new MapType<>(
                gson,
                type.getRawType(),
                key == Object.class ? String.class : key,
                Types.parameter(type, 1));
    }

    @Override
    public Map<K, V> read(JsonReader in) throws IOException {
        if (!Misfit.isThere(in, JsonToken.BEGIN_OBJECT, type)) {
            return null;
        }
        Map<K, V> map = empty(in);
        in.beginObject();
        while (in.hasNext()) {
            K key = key(in.nextName(), in);
            map.put(key, values.read(in));
        }
        in.endObject();
        return map;
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // an EnumMap has keys of an enum
    private Map<K, V> empty(JsonReader in) {
        if (type == EnumMap.class) {
            return new EnumMap(keyType);
        } else if (type.isAssignableFrom(LinkedHashMap.class)) {
            return new LinkedHashMap<>();
        } else if (type.isAssignableFrom(TreeMap.class)) {
            return new TreeMap<>();
        } else if (type.isAssignableFrom(ConcurrentHashMap.class)) {
            return new ConcurrentHashMap<>();
        } else if (type.isAssignableFrom(ConcurrentSkipListMap.class)) {
            return (Map<K, V>) new ConcurrentSkipListMap<>();
        }
        throw new Misfit(in.getPath(), "a " + type.getName() + " cannot be read; use a Map");
    }

    @SuppressWarnings("unchecked") // of the type of the keys
    private K key(String name, JsonReader in) throws IOException {
        if (keyType == String.class) {
            return (K) name;
        } else if (keys instanceof Text<K> text) {
            return text.parse(name, in);
        }
        try {
            return keys.read(new JsonReader(new StringReader(name)));
        } catch (Misfit | IOException e) {
            throw new Misfit(in.getPath(), "the name is no " + keyType.getSimpleName(), e);
        }
    }

    @Override
    public void write(JsonWriter out, Map<K, V> map) throws IOException {
        if (map == null) {
            out.nullValue();
            return;
        }
        out.beginObject();
        for (Map.Entry<K, V> entry : map.entrySet()) {
            out.name(name(entry.getKey()));
            values.write(out, entry.getValue());
        }
        out.endObject();
    }

    @SuppressWarnings("unchecked") // of the type of the keys
    private String name(K key) {
        if (key instanceof Enum<?> constant) {
            return constant.name();
        }
        return keys instanceof Text<K> text && key != null ? text.print(key) : String.valueOf(key);
    }
}
