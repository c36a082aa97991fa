package dev.prefork.json;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * From JSON to values, in a loop: however deep a peer nests them, no thread's stack is in danger.
 */
final class JsonReading {
    /**
     * What is longer is no double any more, nor has Node another number: JSON.parse makes Infinity
     * of it.
     */
    private static final int MAX_DIGITS = 1000;

    /** An object or an array whose end has not come. */
    private sealed interface Open {
        void add(Object value);

        Object whole();
    }

    private record OpenArray(List<Object> whole) implements Open {
        @Override
        public void add(Object value) {
            whole.add(value);
        }
    }

    private static final class OpenObject implements Open {
        private final Map<String, Object> whole = new LinkedHashMap<>();
        private String name;

        @Override
        public void add(Object value) {
            whole.put(name, value);
        }

        @Override
        public Object whole() {
            return whole;
        }
    }

    private JsonReading() {}

    /** Reads the value that begins with this token, which is the parser's current one. */
    static Object read(JsonParser parser, JsonToken first) {
        ArrayDeque<Open> open = new ArrayDeque<>();
        JsonToken token = first;
        while (true) {
            Object value;
            switch (token) {
                case START_OBJECT -> {
                    open.push(new OpenObject());
                    token = parser.nextToken();
                    continue;
                }
                case START_ARRAY -> {
                    open.push(new OpenArray(new ArrayList<>()));
                    token = parser.nextToken();
                    continue;
                }
                case PROPERTY_NAME -> {
                    ((OpenObject) open.element()).name = parser.currentName();
                    token = parser.nextToken();
                    continue;
                }
                case END_OBJECT, END_ARRAY -> value = open.pop().whole();
                default -> value = scalar(parser, token);
            }
            if (open.isEmpty()) {
                return value;
            }
            open.element().add(value);
            token = parser.nextToken();
        }
    }

    private static Object scalar(JsonParser parser, JsonToken token) {
        return switch (token) {
            case VALUE_STRING -> parser.getString();
            case VALUE_NUMBER_INT -> integer(parser);
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> throw new IllegalStateException("unexpected " + token);
        };
    }

    private static Object integer(JsonParser parser) {
        return parser.getStringLength() > MAX_DIGITS
                ? (Object) Double.valueOf(parser.getString())
                : parser.getNumberValue();
    }
}
