package dev.prefork.json;

import java.lang.reflect.Type;

/**
 * A value, and the text that it was read from: a value has lost what a double cannot hold, and the
 * text can still be read as a type of the application's. Safe for any thread.
 */
public final class JsonText {
    private final Object value;

    /**
     * The text of the value; or of an object that has it by the name; or null: it was never one.
     */
    private final byte[] text;

    private final String name;

    private JsonText(Object value, byte[] text, String name) {
        this.value = value;
        this.text = text;
        this.name = name;
    }

    /**
     * A text that was read.
     *
     * @param value what {@link Json#read} made of it
     * @param text kept, and not to be changed any more
     */
    public static JsonText read(Object value, byte[] text) {
        return new JsonText(value, text, null);
    }

    /** A value that was not read from any text. */
    public static JsonText of(Object value) {
        return new JsonText(value, null, null);
    }

    /**
     * The member of this name, of a value that is an object; a member of a member has lost its
     * text.
     */
    public JsonText member(String member, Object memberValue) {
        return name == null ? new JsonText(memberValue, text, member) : of(memberValue);
    }

    /** The value, as {@link Json#read} has it. */
    public Object value() {
        return value;
    }

    /**
     * The value as the application's own type; as a JsonText it is this one.
     *
     * @throws IllegalArgumentException when the value does not fit the type; the message says where
     *     and why
     */
    public Object as(Type type) {
        if (type == JsonText.class) {
            return this;
        }
        boolean fits =
                type instanceof Class<?> plain
                        && (value == null ? !plain.isPrimitive() : plain.isInstance(value));
        if (fits) {
            return value;
        }
        if (text != null) {
            return Typed.read(text, name, type);
        }
        byte[] line = Json.writeLine(value);
        return Typed.read(line, null, type);
    }
}
