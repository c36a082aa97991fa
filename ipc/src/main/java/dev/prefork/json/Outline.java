package dev.prefork.json;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** What can be known of a text without making anything of it. */
final class Outline {
    private static final String CMD = "cmd";
    private static final String MARK = "$";

    private Outline() {}

    /**
     * Whether it is one value, in which no name is for the two runtimes; false as well where
     * whoever reads it all will say what is wrong.
     */
    static boolean isTheApplications(JsonParser parser) {
        JsonToken token = parser.nextToken();
        boolean isObject = token == JsonToken.START_OBJECT;
        int depth = 0;
        while (token != null) {
            if (token.isStructStart()) {
                depth++;
            } else if (token.isStructEnd()) {
                depth--;
            } else if (isObject && depth == 1 && isOfTheRuntimes(parser, token)) {
                return false;
            }
            if (depth == 0) {
                return parser.nextToken() == null;
            }
            token = parser.nextToken();
        }
        return false;
    }

    private static boolean isOfTheRuntimes(JsonParser parser, JsonToken token) {
        if (token != JsonToken.PROPERTY_NAME) {
            return false;
        }
        String name = parser.currentName();
        return name.equals(CMD) || name.startsWith(MARK);
    }
}
