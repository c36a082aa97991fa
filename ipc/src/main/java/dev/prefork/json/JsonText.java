package dev.prefork.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.reflect.Type;

/**
 * A value, and the text that it was read from: a value has lost what a double cannot hold, and the
 * text can still be read as a type of the application's. Safe for any thread.
 */
public final class JsonText {
    /** In the place of a value that nobody has asked for. */
    private static final Object UNREAD = new Object();

    private final Demand demand;
    private volatile Object value;

    /**
     * The text of the value; or of an object that has it by the name; or null: it was never one.
     */
    private final String text;

    private final String name;
    private final boolean mayBeInternal;

    private JsonText(Object value, String text, String name, Demand demand, boolean mayBeInternal) {
        this.value = value;
        this.demand = demand;
        this.text = text;
        this.name = name;
        this.mayBeInternal = mayBeInternal;
    }

    /**
     * A text that was read.
     *
     * @param value what {@link Json#read} made of it
     * @param text kept
     */
    public static JsonText read(Object value, String text) {
        return new JsonText(value, text, null, null, Outline.mayBeInternal(text));
    }

    /**
     * A text whose value is read when it is asked for.
     *
     * @param text one that {@link Json#canWait can wait}; kept
     * @param demand told then
     */
    public static JsonText unread(String text, Demand demand) {
        return new JsonText(UNREAD, text, null, demand, false);
    }

    /** A value that was not read from any text. */
    public static JsonText of(Object value) {
        return new JsonText(value, null, null, null, true);
    }

    /**
     * The member of this name, of a value that is an object; a member of a member has lost its
     * text.
     */
    public JsonText member(String member, Object memberValue) {
        return name == null
                ? new JsonText(memberValue, text, member, null, mayBeInternal)
                : of(memberValue);
    }

    /**
     * Whether it may have a name for the two runtimes, {@code cmd} or one that begins with a {@code
     * $}: to be asked before the value is, as almost none has.
     */
    public boolean mayBeInternal() {
        return mayBeInternal;
    }

    /** Whether the value was read, or never was a text. */
    boolean isRead() {
        return value != UNREAD;
    }

    /** The value, as {@link Json#read} has it. */
    public Object value() {
        return isRead() ? value : readNow();
    }

    private synchronized Object readNow() {
        if (!isRead()) {
            demand.arises();
            try {
                value = Json.read(text);
            } catch (NotJsonException e) {
                throw new IllegalStateException("cannot read what was looked through", e);
            }
        }
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
        // A value is of the JDK, and no other type needs it.
        if (type instanceof Class<?> plain && Types.isOfTheJdk(plain) && fits(value(), plain)) {
            return value();
        }
        return text == null
                ? Typed.read(new String(Json.writeLine(value), UTF_8), null, type)
                : Typed.read(text, name, type);
    }

    private static boolean fits(Object value, Class<?> type) {
        return value == null ? !type.isPrimitive() : type.isInstance(value);
    }
}
