package dev.prefork.ipc;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Cuts a stream of bytes into lines, however the reads fall. */
final class LineDecoder {
    /** Takes one line, without its line break. The bytes are valid during the call only. */
    @FunctionalInterface
    interface LineHandler {
        void line(byte[] bytes, int offset, int length) throws ProtocolException;
    }

    /** A peer that sends so much without a line break is not speaking the protocol. */
    static final int MAX_LINE_BYTES = 64 << 20;

    private static final int INITIAL_BYTES = 8 << 10;

    private final LineHandler handler;
    private byte[] buffer = new byte[INITIAL_BYTES];
    private int size;
    private boolean closed;

    LineDecoder(LineHandler handler) {
        this.handler = handler;
    }

    void feed(ByteBuffer bytes) throws ProtocolException {
        int scanFrom = size;
        append(bytes);
        int lineStart = 0;
        for (int i = scanFrom; i < size; i++) {
            if (buffer[i] == '\n') {
                handler.line(buffer, lineStart, i - lineStart);
                if (closed) {
                    return;
                }
                lineStart = i + 1;
            }
        }
        discard(lineStart);
        if (size > MAX_LINE_BYTES) {
            throw new ProtocolException("no end of line in " + MAX_LINE_BYTES + " bytes");
        }
    }

    /** Gives the memory back: nothing will be fed any more. */
    void close() {
        closed = true;
        buffer = new byte[0];
        size = 0;
    }

    /** Whether the beginning of a line is here and its end is not. */
    boolean isInsideLine() {
        return size > 0;
    }

    private void append(ByteBuffer bytes) {
        int count = bytes.remaining();
        if (buffer.length - size < count) {
            int wanted = Math.max(Math.min(buffer.length * 2, MAX_LINE_BYTES), size + count);
            buffer = Arrays.copyOf(buffer, wanted);
        }
        bytes.get(buffer, size, count);
        size += count;
    }

    private void discard(int count) {
        if (count == 0) {
            // The beginning of a long line stays where it is: moving it at every read would be
            // quadratic.
            return;
        }
        size -= count;
        System.arraycopy(buffer, count, buffer, 0, size);
        if (size == 0 && buffer.length > MAX_LINE_BYTES / 64) {
            buffer = new byte[INITIAL_BYTES];
        }
    }
}
