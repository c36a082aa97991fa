package dev.prefork.cli;

import java.io.ByteArrayOutputStream;

/**
 * Puts a prefix before each line of a stream of bytes, whatever they mean. A line that has not
 * ended is kept until it does. For one thread.
 */
final class OutputPrefix {
    /** A line this long is broken: it may never end. */
    static final int LONGEST_LINE = 1024 * 1024;

    private static final byte[] NOTHING = {};

    private final byte[] prefix;
    private final ByteArrayOutputStream unfinished = new ByteArrayOutputStream();

    OutputPrefix(byte[] prefix) {
        this.prefix = prefix.clone();
    }

    /** Takes the next bytes: the lines that they end, with their prefixes. */
    byte[] add(byte[] bytes, int length) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream(length + prefix.length);
        int start = 0;
        for (int i = 0; i < length; i++) {
            if (bytes[i] == '\n') {
                unfinished.write(bytes, start, i + 1 - start);
                takeUnfinished(lines);
                start = i + 1;
            }
        }
        unfinished.write(bytes, start, length - start);
        if (unfinished.size() >= LONGEST_LINE) {
            lines.writeBytes(end());
        }
        return lines.toByteArray();
    }

    /** The end of the stream: the last line, if it has no end. */
    byte[] end() {
        if (unfinished.size() == 0) {
            return NOTHING;
        }
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        unfinished.write('\n');
        takeUnfinished(line);
        return line.toByteArray();
    }

    private void takeUnfinished(ByteArrayOutputStream lines) {
        lines.writeBytes(prefix);
        lines.writeBytes(unfinished.toByteArray());
        unfinished.reset();
    }
}
