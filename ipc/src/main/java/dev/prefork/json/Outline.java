package dev.prefork.json;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;

import java.io.IOException;

/** What can be known of a text without making anything of it. */
final class Outline {
    private static final String CMD = "cmd";
    private static final String MARK = "$";

    private Outline() {}

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
