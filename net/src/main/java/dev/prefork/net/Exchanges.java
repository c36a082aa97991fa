package dev.prefork.net;

import java.nio.ByteBuffer;

/**
 * The HTTP/1 exchanges of one connection, as its bytes pass: whether somebody waits for an answer.
 *
 * <p>A chunk that ends in a line of its own that is 0 is taken for the last one.
 *
 * <p>What is received is for one thread at a time, what is sent for another, {@link #use} for any.
 * No more is looked at than the first bytes of a request, the head of an answer, and the last bytes
 * of chunks.
 */
final class Exchanges {
    /** What a connection is used for at a moment. */
    enum Use {
        /** A request waits for its answer, or for the rest of it; or it is a tunnel. */
        IN_USE,
        /** HTTP/1, and every request has been answered. */
        BETWEEN,
        /** Sent by file, which passes us by: answered once so many bytes have been sent. */
        SENT_BY_FILE,
        /** TLS or HTTP/2, and the last to speak was the server. */
        SERVER_SPOKE_LAST,
        /**
         * Nothing is known of its protocol; or nothing has passed, or all of it has passed us by.
         */
        UNKNOWN
    }

    private enum State {
        /** Nothing has passed. */
        FRESH,
        /** A request has begun. */
        ASKED,
        /** The head of its answer has begun. */
        HEAD,
        /** A body of a told length. */
        COUNTED,
        CHUNKED,
        /** A body that ends with the connection, or another protocol after 101. */
        FOR_EVER,
        ANSWERED,
        /** TLS or HTTP/2. */
        SECRET,
        FOREIGN
    }

    private static final byte TLS_HANDSHAKE = 22;
    private static final byte[] LAST_CHUNK = {'\r', '\n', '0', '\r', '\n', '\r', '\n'};

    /** How much of it has passed when so much had and the next byte is another one. */
    private static final int[] OF_LAST_CHUNK_STILL = {0, 0, 0, 0, 1, 2, 1};

    private static final byte[] WITHOUT_BODY = {'H', 'E', 'A', 'D', ' '};
    private static final byte[] HTTP_2 = {'P', 'R', 'I', ' ', '*'};

    private final AnswerHead head = new AnswerHead();
    private volatile State state = State.FRESH;

    /** Whether the answer has no body, whatever its head says. */
    private volatile boolean askedWithoutBody;

    /** Whether more came while an answer was sent: the next request perhaps. */
    private volatile boolean askedMeanwhile;

    private volatile boolean serverSpokeLast;

    /** How many bytes will have been sent at the end of an answer of a told length. */
    private volatile long sentAtItsEnd;

    /** Of the body of a told length. */
    private long left;

    /** How many bytes were sent before those that are looked at. */
    private long sentBefore;

    /** How much of {@link #LAST_CHUNK} has passed. */
    private int ofLastChunk;

    /**
     * Something was received.
     *
     * @param into has it before its position
     */
    void received(ByteBuffer into, int count) {
        switch (state) {
            case FRESH, ANSWERED -> asked(into, into.position() - count, into.position());
            case HEAD, COUNTED, CHUNKED -> {
                askedMeanwhile = true;
                askedWithoutBody = isWithoutBody(into, into.position() - count, into.position());
            }
            case SECRET -> serverSpokeLast = false;
            case ASKED, FOR_EVER, FOREIGN -> {}
        }
    }

    private void asked(ByteBuffer bytes, int from, int end) {
        int at = from;
        // Some clients send an empty line behind a body (RFC 9112, 2.2).
        while (at < end && (bytes.get(at) == '\r' || bytes.get(at) == '\n')) {
            at++;
        }
        if (at == end) {
            return;
        }
        if (state == State.FRESH) {
            byte first = bytes.get(at);
            if (first == TLS_HANDSHAKE || AnswerHead.startsWith(bytes, at, end, HTTP_2)) {
                state = State.SECRET;
                return;
            }
            if (first < 'A' || first > 'Z') {
                state = State.FOREIGN;
                return;
            }
        }
        askedWithoutBody = isWithoutBody(bytes, at, end);
        state = State.ASKED;
    }

    /**
     * Something was sent.
     *
     * @param from has it before its position
     */
    void sent(ByteBuffer from, int count) {
        int end = from.position();
        int at = end - count;
        while (at < end) {
            int before = at;
            at = sent(from, at, end);
            sentBefore += at - before;
        }
    }

    /** Something was sent that was not the application's. */
    void sentBesides(int count) {
        sentBefore += count;
    }

    private int sent(ByteBuffer bytes, int from, int end) {
        if (askedMeanwhile && state == State.COUNTED && AnswerHead.begins(bytes, from, end)) {
            // Another answer: what was left of the one before has been sent by file.
            sentBefore = sentAtItsEnd;
            askedMeanwhile = false;
            state = State.ASKED;
        }
        return switch (state) {
            case FRESH -> {
                state = State.FOREIGN;
                yield end;
            }
            case ASKED, ANSWERED -> {
                head.begin();
                state = State.HEAD;
                yield from;
            }
            case HEAD -> head(bytes, from, end);
            case COUNTED -> counted(end - from) + from;
            case CHUNKED -> chunked(bytes, from, end);
            case SECRET -> {
                serverSpokeLast = true;
                yield end;
            }
            case FOR_EVER, FOREIGN -> end;
        };
    }

    private int head(ByteBuffer bytes, int from, int end) {
        int at = head.read(bytes, from, end);
        if (head.isForeign()) {
            state = State.FOREIGN;
            return end;
        }
        if (head.isComplete()) {
            headEnds(sentBefore + at - from);
        }
        return at;
    }

    private void headEnds(long sent) {
        if (head.status() < 200) {
            state = head.status() == 101 ? State.FOR_EVER : State.ASKED;
        } else if (askedWithoutBody || head.hasNoBody()) {
            answered();
        } else if (head.isChunked()) {
            // The head's own end is before the first chunk, which may be the last.
            ofLastChunk = 2;
            state = State.CHUNKED;
        } else if (head.length() >= 0) {
            left = head.length();
            sentAtItsEnd = sent + left;
            state = State.COUNTED;
            counted(0);
        } else {
            state = State.FOR_EVER;
        }
    }

    private int counted(int count) {
        int taken = (int) Math.min(left, count);
        left -= taken;
        if (left == 0) {
            answered();
        }
        return taken;
    }

    private int chunked(ByteBuffer bytes, int from, int end) {
        // What matters is at the very end of what is sent.
        int at = Math.max(from, end - LAST_CHUNK.length);
        if (at > from) {
            ofLastChunk = 0;
        }
        for (; at < end; at++) {
            byte b = bytes.get(at);
            while (ofLastChunk > 0 && b != LAST_CHUNK[ofLastChunk]) {
                ofLastChunk = OF_LAST_CHUNK_STILL[ofLastChunk];
            }
            if (b == LAST_CHUNK[ofLastChunk]) {
                ofLastChunk++;
            }
            if (ofLastChunk == LAST_CHUNK.length) {
                answered();
                return at + 1;
            }
        }
        return end;
    }

    private void answered() {
        state = askedMeanwhile ? State.ASKED : State.ANSWERED;
        askedMeanwhile = false;
    }

    private static boolean isWithoutBody(ByteBuffer bytes, int from, int end) {
        return AnswerHead.startsWith(bytes, from, end, WITHOUT_BODY);
    }

    /** Whether the next thing sent begins an answer. */
    boolean awaitsAnswer() {
        return state == State.ASKED;
    }

    Use use() {
        return switch (state) {
            case ANSWERED -> Use.BETWEEN;
            case ASKED, HEAD, CHUNKED, FOR_EVER -> Use.IN_USE;
            case COUNTED -> askedMeanwhile ? Use.IN_USE : Use.SENT_BY_FILE;
            case SECRET -> serverSpokeLast ? Use.SERVER_SPOKE_LAST : Use.IN_USE;
            case FRESH, FOREIGN -> Use.UNKNOWN;
        };
    }

    /** How many bytes will have been sent at the end of the answer that is sent by file. */
    long sentAtItsEnd() {
        return sentAtItsEnd;
    }
}
