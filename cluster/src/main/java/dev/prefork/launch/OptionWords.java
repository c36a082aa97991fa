package dev.prefork.launch;

import java.util.ArrayList;
import java.util.List;

/**
 * The words of a text of options, as the java launcher reads its {@code @argfiles} and, without the
 * comments and escapes, JDK_JAVA_OPTIONS and the JVM JAVA_TOOL_OPTIONS. Exact for the first, and
 * good enough to find an option in any of them; source: java(1) of JDK 25.
 */
final class OptionWords {
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean inWord;

    private OptionWords() {}

    static List<String> of(String text) {
        OptionWords reader = new OptionWords();
        reader.read(text);
        return reader.words;
    }

    private void read(String text) {
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0 && c == '\\' && i + 1 < text.length()) {
                i = escaped(text, i + 1);
            } else if (c == quote) {
                quote = 0;
            } else if (quote != 0) {
                take(c);
            } else if (c == '"' || c == '\'') {
                quote = c;
                inWord = true;
            } else if (Character.isWhitespace(c)) {
                end();
            } else if (c == '#' && !inWord) {
                i = endOfLine(text, i);
            } else {
                take(c);
            }
        }
        end();
    }

    /**
     * What stands after a backslash: a character, or the end of a line that goes on in the next.
     *
     * @return where the last of it is
     */
    private int escaped(String text, int at) {
        char c = text.charAt(at);
        if (c != '\n' && c != '\r') {
            int known = "nrtf".indexOf(c);
            take(known < 0 ? c : "\n\r\t\f".charAt(known));
            return at;
        }
        int next = at;
        while (next < text.length() && Character.isWhitespace(text.charAt(next))) {
            next++;
        }
        return next - 1;
    }

    private static int endOfLine(String text, int from) {
        int end = text.indexOf('\n', from);
        return end < 0 ? text.length() : end;
    }

    private void take(char c) {
        word.append(c);
        inWord = true;
    }

    private void end() {
        if (inWord) {
            words.add(word.toString());
            word.setLength(0);
            inWord = false;
        }
    }
}
