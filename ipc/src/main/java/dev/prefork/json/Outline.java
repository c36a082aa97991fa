package dev.prefork.json;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;

import java.io.IOException;

/** What can be known of a text without making anything of it. */
final class Outline {
    private static final String CMD = "cmd";
    private static final String MARK = "$";

    private static final char ESCAPE = '\\';

    private Outline() {}

    /** Whether a name in the text, or the beginning of one, can be for the two runtimes. */
    static boolean mayBeInternal(String text) {
        return text.contains(MARK) || text.contains(CMD) || text.indexOf(ESCAPE) >= 0;
    }

    /** Whether it is one value, in which no name is for the two runtimes. */
    static boolean isTheApplications(JsonReader in) throws IOException {
        if (in.peek() == JsonToken.BEGIN_OBJECT) {
            in.beginObject();
            while (in.hasNext()) {
                String name = in.nextName();
                if (name.equals(CMD) || name.startsWith(MARK)) {
                    return false;
                }
                in.skipValue();
            }
            in.endObject();
        } else {
            in.skipValue();
        }
        JsonReading.end(in);
        return true;
    }
}
