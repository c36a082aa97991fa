package dev.prefork.net;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The head of an HTTP/1 answer, byte by byte as it comes: what its body will be. Nothing is copied.
 * Source: RFC 9112, sections 4 to 6.
 */
final class AnswerHead {
    private static final byte[] PROTOCOL = "HTTP/1.".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LENGTH = "content-length:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CODING = "transfer-encoding:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CHUNKED = "chunked".getBytes(StandardCharsets.US_ASCII);
    private static final int STATUS_BEGINS = "HTTP/1.1 ".length();
    private static final int STATUS_ENDS = STATUS_BEGINS + 3;

    /** What the line is, as far as its name has been read. */
    private enum Line {
        STATUS,
        NAME,
        LENGTH,
        CODING,
        OTHER
    }

    private Line line = Line.STATUS;
    private int column;
    private boolean mayBeLength;
    private boolean mayBeCoding;
    private int ofChunked;
    private int status;
    private long length;
    private boolean isChunked;
    private boolean isForeign;
    private boolean isComplete;

    /** Forgets everything: another answer begins. */
    void begin() {
        line = Line.STATUS;
        column = 0;
        status = 0;
        length = -1;
        isChunked = false;
        isForeign = false;
        isComplete = false;
    }

    /**
     * Reads on.
     *
     * @return where it stopped: at the end, or behind the head, or where it is no answer at all
     */
    int read(ByteBuffer bytes, int from, int end) {
        int at = from;
        while (at < end && !isComplete && !isForeign) {
            take(bytes.get(at));
            at++;
        }
        return at;
    }

    private void take(byte b) {
        if (b == '\n') {
            isComplete = line == Line.NAME && column == 0;
            line = Line.NAME;
            column = 0;
            mayBeLength = true;
            mayBeCoding = true;
            return;
        }
        // The carriage return of an empty line is no part of a name.
        if (b == '\r' && column == 0) {
            return;
        }
        switch (line) {
            case STATUS -> status(b);
            case NAME -> name(lowerCase(b));
            case LENGTH -> {
                if (b >= '0' && b <= '9') {
                    length = Math.max(0, length) * 10 + b - '0';
                }
            }
            case CODING -> {
                ofChunked = lowerCase(b) == CHUNKED[ofChunked] ? ofChunked + 1 : 0;
                if (ofChunked == CHUNKED.length) {
                    isChunked = true;
                    line = Line.OTHER;
                }
            }
            case OTHER -> {}
        }
        column++;
    }

    private void status(byte b) {
        if (column < PROTOCOL.length) {
            isForeign = b != PROTOCOL[column];
        } else if (column >= STATUS_BEGINS && column < STATUS_ENDS) {
            status = status * 10 + b - '0';
        }
    }

    private void name(byte b) {
        mayBeLength = mayBeLength && b == LENGTH[column];
        mayBeCoding = mayBeCoding && b == CODING[column];
        if (mayBeLength && column == LENGTH.length - 1) {
            line = Line.LENGTH;
        } else if (mayBeCoding && column == CODING.length - 1) {
            line = Line.CODING;
            ofChunked = 0;
        } else if (!mayBeLength && !mayBeCoding) {
            line = Line.OTHER;
        }
    }

    private static byte lowerCase(byte b) {
        return b >= 'A' && b <= 'Z' ? (byte) (b + 'a' - 'A') : b;
    }

    /** Whether this is not the head of an HTTP/1 answer. */
    boolean isForeign() {
        return isForeign;
    }

    /** Whether it has been read to its empty line. */
    boolean isComplete() {
        return isComplete;
    }

    int status() {
        return status;
    }

    /** Whether a body follows whose end is told by its chunks. */
    boolean isChunked() {
        return isChunked;
    }

    /** Of the body; −1 when it is not told. */
    long length() {
        return length;
    }

    /** Whether there is no body whatever the head says (RFC 9110, 15.3.5 and 15.4.5). */
    boolean hasNoBody() {
        return status == 204 || status == 304;
    }

    /**
     * Where a line can be put into a head: behind the status line.
     *
     * @return how many bytes it is from the buffer's position; 0 when no final HTTP/1.1 answer
     *     begins there, or its first line is not all there
     */
    static int afterStatusLine(ByteBuffer bytes) {
        int from = bytes.position();
        if (bytes.remaining() < STATUS_ENDS || !begins(bytes, from, bytes.limit())) {
            return 0;
        }
        if (bytes.get(from + PROTOCOL.length) != '1' || bytes.get(from + STATUS_BEGINS) < '2') {
            return 0;
        }
        for (int at = from + STATUS_ENDS; at < bytes.limit(); at++) {
            if (bytes.get(at) == '\n') {
                return at + 1 - from;
            }
        }
        return 0;
    }

    /** Whether an answer seems to begin there. */
    static boolean begins(ByteBuffer bytes, int from, int end) {
        return startsWith(bytes, from, end, PROTOCOL);
    }

    /** Whether all of the text stands there, before the end. */
    static boolean startsWith(ByteBuffer bytes, int from, int end, byte[] text) {
        if (end - from < text.length) {
            return false;
        }
        for (int i = 0; i < text.length; i++) {
            if (bytes.get(from + i) != text[i]) {
                return false;
            }
        }
        return true;
    }
}
