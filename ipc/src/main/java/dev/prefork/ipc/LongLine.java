package dev.prefork.ipc;

import dev.prefork.json.JsonText;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * A line that is read as JSON by another thread, as others wait on the loop. The loop's, except
 * while that thread has it.
 */
final class LongLine {
    /** Longer ones are. */
    static final int MIN_BYTES = 64 << 10;

    private final int length;
    private byte[] bytes;
    private JsonText content;
    private ProtocolException problem;

    private LongLine(byte[] bytes) {
        this.bytes = bytes;
        this.length = bytes.length;
    }

    /**
     * Hands the line over.
     *
     * @param read called on the loop when {@link #content} is there
     */
    static LongLine parse(
            LineDecoder decoder, LineReader reader, Executor parser, Executor loop, Runnable read)
            throws ProtocolException {
        try {
            LongLine line = new LongLine(decoder.copy());
            boolean mayWait = decoder.isPlain();
            parser.execute(() -> line.parse(reader, mayWait, loop, read));
            return line;
        } catch (OutOfMemoryError full) {
            throw blame(decoder.length(), full);
        } catch (RejectedExecutionException closed) {
            throw new ProtocolException("nobody reads long messages any more", closed);
        }
    }

    /** On the parser's thread. */
    private void parse(LineReader reader, boolean mayWait, Executor loop, Runnable read) {
        try {
            content = reader.read(bytes, 0, length, mayWait);
        } catch (ProtocolException notJson) {
            problem = notJson;
        } catch (OutOfMemoryError full) {
            problem = blame(length, full);
        } catch (Throwable fault) {
            problem = new ProtocolException("a long message cannot be read", fault);
        }
        bytes = null;
        try {
            loop.execute(read);
        } catch (RejectedExecutionException closed) {
            // The channel has ended with its loop.
        }
    }

    int length() {
        return length;
    }

    JsonText content() throws ProtocolException {
        if (problem != null) {
            throw problem;
        }
        return content;
    }

    /**
     * A heap that is full is the fault of a message that has brought much, and its memory comes
     * back with the channel's close. A short one is not to blame.
     */
    static ProtocolException blame(int length, OutOfMemoryError full) {
        if (length <= MIN_BYTES) {
            throw full;
        }
        return new ProtocolException("a message too long for this JVM's heap", full);
    }
}
