package dev.prefork.json;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Halves of characters in JSON: of UTF-16, whose texts JavaScript's and Java's are. */
final class SurrogateEscapes {
    /** Behind an even number of backslashes, which are escaped themselves. */
    private static final Pattern ESCAPE =
            Pattern.compile("(?<!\\\\)((?:\\\\\\\\)*+)\\\\u([dD][89a-fA-F][0-9a-fA-F]{2})");

    private static final int HEXADECIMAL = 16;

    private SurrogateEscapes() {}

    /** The same JSON, with each half as the char that it is. */
    static String unescape(String json) {
        return ESCAPE.matcher(json)
                .replaceAll(
                        escape -> {
                            char half = (char) Integer.parseInt(escape.group(2), HEXADECIMAL);
                            return Matcher.quoteReplacement(escape.group(1) + half);
                        });
    }
}
