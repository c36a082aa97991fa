package dev.prefork.json;

import java.io.Reader;

/** Reads a text; for one thread, and so without the locks of a StringReader. */
final class TextReader extends Reader {
    private final String text;
    private int next;

    TextReader(String text) {
        this.text = text;
    }

    @Override
    public int read(char[] into, int offset, int length) {
        int count = Math.min(length, text.length() - next);
        if (count == 0 && length > 0) {
            return -1;
        }
        text.getChars(next, next + count, into, offset);
        next += count;
        return count;
    }

    @Override
    public void close() {
        // There is nothing to close.
    }
}
