package dev.prefork.json;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;

import java.io.IOException;

/**
 * What is there is not what was wanted: where, and why. Never the value itself, which may be a
 * secret, and long.
 */
final class Misfit extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What others say, such as a record's own constructor, is cut off there; and names. */
    private static final int MOST_CHARACTERS = 80;

    private static final String ROOT = "$";

    private final String place;
    private final String reason;

    /**
     * As the text is read.
     *
     * @param place as in {@code $.items[3].price}
     */
    Misfit(String place, String reason, Throwable cause) {
        super(reason, cause);
        this.place = place;
        this.reason = reason;
    }

    Misfit(String place, String reason) {
        this(place, reason, null);
    }

    /** The value that would be read next is none of the type; it is not used any more. */
    static Misfit next(JsonReader in, Class<?> wanted) throws IOException {
        String place = in.getPath();
        return new Misfit(place, word(in) + " is no " + wanted.getSimpleName());
    }

    /**
     * Whether there is a value; a null is passed by.
     *
     * @throws Misfit when the value is of another kind
     */
    static boolean isThere(JsonReader in, JsonToken kind, Class<?> wanted) throws IOException {
        JsonToken next = in.peek();
        if (next == JsonToken.NULL) {
            in.nextNull();
            return false;
        }
        if (next != kind) {
            throw next(in, wanted);
        }
        return true;
    }

    private static String word(JsonReader in) throws IOException {
        JsonToken token = in.peek();
        return switch (token) {
            case BEGIN_OBJECT -> "an object";
            case BEGIN_ARRAY -> "an array";
            case STRING, NAME -> "a text";
            case NUMBER -> JsonReading.isWhole(in.nextString()) ? "a whole number" : "a fraction";
            case BOOLEAN -> "a boolean";
            case NULL -> "null";
            case END_ARRAY, END_OBJECT, END_DOCUMENT -> "nothing";
        };
    }

    /** Of a part that was read by itself. */
    Misfit within(String outer) {
        return new Misfit(outer + place.substring(ROOT.length()), reason, this);
    }

    /** Such as {@code $.items[3].price: a text is no BigDecimal}. */
    @Override
    public String getMessage() {
        return place.equals(ROOT) ? reason : cut(place) + ": " + reason;
    }

    static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }

    /** What we say ourselves is about types. */
    static String line(Throwable e) {
        return firstLine(e.getMessage() == null ? e.toString() : e.getMessage());
    }

    static String cut(String text) {
        String line = firstLine(text);
        return line.length() <= MOST_CHARACTERS ? line : line.substring(0, MOST_CHARACTERS) + "…";
    }

    /** An exception without a message has a name at least. */
    static String cut(Throwable e) {
        return cut(e.getMessage() == null ? e.toString() : e.getMessage());
    }
}
