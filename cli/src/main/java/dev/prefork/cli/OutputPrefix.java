package dev.prefork.cli;

import java.io.ByteArrayOutputStream;

/**
 * Lines of bytes as they are, whatever they mean, with a prefix before each. A line that has not
 * ended is kept until it has, nothing has come for a while, or it is too long to be kept.
 */
final class OutputPrefix implements OutputForm {
    /** A line this long is printed as it comes. */
    static final int LONGEST_KEPT = 64 * 1024;

    private static final byte[] NOTHING = {};

    private final byte[] prefix;
    private final ByteArrayOutputStream unfinished = new ByteArrayOutputStream();
    private Line line = Line.ENDED;

    OutputPrefix(byte[] prefix) {
        this.prefix = prefix.clone();
    }

    @Override
    public byte[] lead() {
        return prefix.clone();
    }

    @Override
    public byte[] add(byte[] bytes, int length) {
        int rest = endOfLastLine(bytes, length);
        ByteArrayOutputStream printed = new ByteArrayOutputStream(unfinished.size() + length * 2);
        if (rest > 0) {
            takeUnfinished(printed);
            addLines(printed, bytes, rest);
            line = Line.ENDED;
        }
        unfinished.write(bytes, rest, length - rest);
        boolean waits = line != Line.FLOWING && unfinished.size() < LONGEST_KEPT;
        if (!waits && unfinished.size() > 0) {
            if (printed.size() > 0) {
                printed.writeBytes(prefix);
            }
            takeUnfinished(printed);
            line = Line.FLOWING;
        }
        return printed.toByteArray();
    }

    private static int endOfLastLine(byte[] bytes, int length) {
        int end = length;
        while (end > 0 && bytes[end - 1] != '\n') {
            end--;
        }
        return end;
    }

    /** Whole lines, but for the first, which may have begun before. */
    private void addLines(ByteArrayOutputStream printed, byte[] bytes, int length) {
        int start = 0;
        for (int i = 0; i < length - 1; i++) {
            if (bytes[i] == '\n') {
                printed.write(bytes, start, i + 1 - start);
                printed.writeBytes(prefix);
                start = i + 1;
            }
        }
        printed.write(bytes, start, length - start);
    }

    private void takeUnfinished(ByteArrayOutputStream printed) {
        printed.writeBytes(unfinished.toByteArray());
        unfinished.reset();
    }

    @Override
    public boolean isUnfinished() {
        return unfinished.size() > 0 || line == Line.FLOWING;
    }

    @Override
    public byte[] pause() {
        if (line == Line.FLOWING) {
            line = Line.PAUSED;
        }
        if (unfinished.size() == 0) {
            return NOTHING;
        }
        line = Line.PAUSED;
        byte[] shown = unfinished.toByteArray();
        unfinished.reset();
        return shown;
    }

    /** The last line gets an end, so that another one's starts on a new line. */
    @Override
    public byte[] end() {
        if (line == Line.ENDED && unfinished.size() == 0) {
            return NOTHING;
        }
        line = Line.ENDED;
        unfinished.write('\n');
        byte[] rest = unfinished.toByteArray();
        unfinished.reset();
        return rest;
    }

    @Override
    public Line line() {
        return line;
    }
}
