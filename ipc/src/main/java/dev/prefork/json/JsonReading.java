package dev.prefork.json;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;

import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * From JSON to values, in a loop: however deep a peer nests them, no thread's stack is in danger.
 */
final class JsonReading {
    /** Longer ones may not be an int, or a long. */
    private static final int DIGITS_OF_AN_INT = 9;

    static final int DIGITS_OF_A_LONG = 18;

    /**
     * What is longer is no double any more, nor has Node another number: JSON.parse makes Infinity
     * of it.
     */
    private static final int MAX_DIGITS = LongNumbers.MOST_CHARACTERS;

    /** An object or an array whose end has not come. */
    private abstract static sealed class Open {
        /** What it is in, or null. */
        final Open outer;

        Open(Open outer) {
            this.outer = outer;
        }

        abstract void add(Object value);

        abstract Object whole();
    }

    private static final class OpenArray extends Open {
        private final List<Object> whole = new ArrayList<>();

        OpenArray(Open outer) {
            super(outer);
        }

        @Override
        void add(Object value) {
            whole.add(value);
        }

        @Override
        Object whole() {
            return whole;
        }
    }

    private static final class OpenObject extends Open {
        private final Map<String, Object> whole = new LinkedHashMap<>();
        private String name;

        OpenObject(Open outer) {
            super(outer);
        }

        @Override
        void add(Object value) {
            whole.put(name, value);
        }

        @Override
        Object whole() {
            return whole;
        }
    }

    private JsonReading() {}

    /** Reads the one value that there is. */
    static Object read(JsonReader in) throws IOException {
        Object value = value(in);
        end(in);
        return value;
    }

    /** Checks that there is no other. */
    static void end(JsonReader in) throws IOException {
        if (in.peek() != JsonToken.END_DOCUMENT) {
            throw new IllegalStateException("a strict reader takes one value");
        }
    }

    private static Object value(JsonReader in) throws IOException {
        Open open = null;
        while (true) {
            JsonToken token = in.peek();
            Object value;
            switch (token) {
                case BEGIN_OBJECT -> {
                    in.beginObject();
                    open = new OpenObject(open);
                    continue;
                }
                case BEGIN_ARRAY -> {
                    in.beginArray();
                    open = new OpenArray(open);
                    continue;
                }
                case NAME -> {
                    ((OpenObject) open).name = in.nextName();
                    continue;
                }
                case END_OBJECT -> {
                    in.endObject();
                    value = open.whole();
                    open = open.outer;
                }
                case END_ARRAY -> {
                    in.endArray();
                    value = open.whole();
                    open = open.outer;
                }
                default -> value = scalar(in, token);
            }
            if (open == null) {
                return value;
            }
            open.add(value);
        }
    }

    private static Object scalar(JsonReader in, JsonToken token) throws IOException {
        return switch (token) {
            case STRING -> in.nextString();
            case NUMBER -> number(in.nextString());
            case BOOLEAN -> in.nextBoolean();
            case NULL -> {
                in.nextNull();
                yield null;
            }
            default -> throw new IllegalStateException("unexpected " + token);
        };
    }

    /** An Integer, Long, BigInteger or Double. */
    static Number number(String text) {
        int length = text.length();
        if (!isWhole(text) || length > MAX_DIGITS) {
            return Double.valueOf(text);
        } else if (length <= DIGITS_OF_AN_INT) {
            return Integer.valueOf(text);
        }
        return length <= DIGITS_OF_A_LONG ? shortest(Long.parseLong(text)) : large(text);
    }

    private static Number shortest(long whole) {
        return whole == (int) whole ? (Number) (int) whole : (Number) whole;
    }

    private static Number large(String text) {
        BigInteger whole = new BigInteger(text);
        return whole.bitLength() < Long.SIZE ? shortest(whole.longValue()) : whole;
    }

    /** Whether the number is written as a whole one. */
    static boolean isWhole(String text) {
        return text.indexOf('.') < 0 && text.indexOf('e') < 0 && text.indexOf('E') < 0;
    }
}
