package dev.prefork.json;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Halves of characters, as JSON.stringify writes them: of UTF-16, whose texts JavaScript's and
 * Java's are. A strict reader takes none.
 */
final class Halves {
    /** Behind an even number of backslashes, which are escaped themselves. */
    private static final Pattern ESCAPE =
            Pattern.compile("(?<!\\\\)((?:\\\\\\\\)*+)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}");

    private Halves() {}

    /** The same JSON with a whole character for each half; empty when it has none. */
    static Optional<String> replaced(String json) {
        Matcher escapes = ESCAPE.matcher(json);
        return escapes.find() ? Optional.of(escapes.replaceAll("$1-")) : Optional.empty();
    }
}
