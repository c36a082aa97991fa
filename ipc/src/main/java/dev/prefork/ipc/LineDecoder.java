package dev.prefork.ipc;

import dev.prefork.json.Limits;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Cuts a stream of bytes into lines, however the reads fall. Lines are taken one at a time, so that
 * who takes them may stop after any.
 */
final class LineDecoder {
    private static final int INITIAL_BYTES = 8 << 10;

    /**
     * The first byte of a line of Bun's that is between the runtimes; Node has none. JSON never
     * begins so. Source: measured, Bun 1.4.
     */
    static final byte MARK = 2;

    /** One of these bits is in each byte that is no control character. */
    private static final int NO_CONTROL = 0xe0;

    private final int longest;
    private byte[] buffer = new byte[INITIAL_BYTES];

    // start <= scanned <= end: where the next line begins, where no line break was found up to, and
    // where the bytes end.
    private int start;
    private int scanned;
    private int end;
    private int lineOffset;
    private int lineLength;
    private boolean lineIsMarked;
    private boolean lineIsPlain;

    /** Of what was scanned, and is not yet a line. */
    private boolean hasControls;

    /** Cuts lines of at most so many bytes. */
    LineDecoder(int longest) {
        this.longest = longest;
    }

    /**
     * Takes the bytes.
     *
     * @throws OutOfMemoryError and has taken none of them
     */
    void feed(ByteBuffer bytes) {
        int count = bytes.remaining();
        if (buffer.length - end < count) {
            int wanted = Math.max(Math.min(buffer.length * 2, longest), end + count);
            buffer = Arrays.copyOf(buffer, wanted);
        }
        bytes.get(buffer, end, count);
        end += count;
    }

    /**
     * Whether there is a whole line: then it is at {@link #bytes}, {@link #offset} and {@link
     * #length}, without its {@link #MARK} and its line break, until the next call of this or {@link
     * #feed}.
     */
    boolean next() throws ProtocolException {
        for (int i = scanned; i < end; i++) {
            if ((buffer[i] & NO_CONTROL) != 0) {
                continue;
            }
            if (buffer[i] == '\n') {
                take(i);
                return true;
            }
            hasControls = true;
        }
        discardLines();
        scanned = end;
        if (end > longest) {
            throw new ProtocolException("no end of line in " + longest + " bytes");
        }
        return false;
    }

    private void take(int lineEnd) {
        lineIsMarked = buffer[start] == MARK;
        lineOffset = lineIsMarked ? start + 1 : start;
        lineLength = lineEnd - lineOffset;
        lineIsPlain = !hasControls;
        hasControls = false;
        start = lineEnd + 1;
        scanned = start;
    }

    byte[] bytes() {
        return buffer;
    }

    int offset() {
        return lineOffset;
    }

    int length() {
        return lineLength;
    }

    /** Whether the line had a {@link #MARK}. */
    boolean isMarked() {
        return lineIsMarked;
    }

    /** Whether the line has no control characters, nor a mark, as what JSON.stringify writes. */
    boolean isPlain() {
        return lineIsPlain;
    }

    /** The line, in an array of its own. */
    byte[] copy() {
        return Arrays.copyOfRange(buffer, lineOffset, lineOffset + lineLength);
    }

    /** How many bytes are here that were not taken as a line. */
    int pending() {
        return end - start;
    }

    /** Gives the memory back: nothing will be fed any more. */
    void close() {
        buffer = new byte[0];
        start = 0;
        scanned = 0;
        end = 0;
    }

    private void discardLines() {
        if (start == 0) {
            // The beginning of a long line stays where it is: moving it at every read would be
            // quadratic.
            return;
        }
        end -= start;
        System.arraycopy(buffer, start, buffer, 0, end);
        start = 0;
        if (end == 0 && buffer.length > Limits.SURELY_TAKEN_BYTES / 64) {
            buffer = new byte[INITIAL_BYTES];
        }
    }
}
