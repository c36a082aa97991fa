package dev.prefork.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * A place that several print to, a line never within another's. A write blocks while the place
 * does, and what it does not take is dropped, which is said once. Safe for any thread.
 */
final class Sheet {
    /** For the end of a line that is on its way; then it goes on in a line of its own. */
    private static final long LONG_LINE_MAY_TAKE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final byte[] NEW_LINE = {'\n'};
    private static final String CLEAR_LINE = "\r\u001b[K";

    /** Who prints; what it has to say of its line is known here alone. */
    static final class Source {
        private final OutputForm form;
        private boolean isBroken;

        Source(OutputForm form) {
            this.form = form;
        }

        OutputForm form() {
            return form;
        }
    }

    private final OutputStream place;
    private final Consumer<IOException> lost;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition lineEnded = lock.newCondition();

    // Guarded by the lock.
    private Source inLine;
    private OutputForm.Line line = OutputForm.Line.ENDED;
    private String status = "";
    private boolean isLostSaid;

    /**
     * Nothing is printed yet.
     *
     * @param lost is told of the first bytes that could not be written
     */
    Sheet(OutputStream place, Consumer<IOException> lost) {
        this.place = place;
        this.lost = lost;
    }

    /** Writes what comes next of a source, and where its line is then. */
    void write(Source source, byte[] bytes, OutputForm.Line then) {
        lock.lock();
        try {
            if (source == inLine) {
                put(bytes, 0);
            } else if (bytes.length > 0) {
                begin(source, bytes);
            } else {
                return;
            }
            line = then;
            inLine = then == OutputForm.Line.ENDED ? null : source;
            if (inLine == null) {
                source.isBroken = false;
                put(status);
            }
            lineEnded.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void begin(Source source, byte[] bytes) {
        endOtherLine();
        // Where others have ended its line it is not ended again.
        int from = source.isBroken && bytes[0] == '\n' ? 1 : 0;
        source.isBroken = false;
        if (from < bytes.length) {
            clearStatus();
            put(source.form().lead(), 0);
            put(bytes, from);
        }
    }

    /** Writes a whole line. */
    void line(String text) {
        lock.lock();
        try {
            endOtherLine();
            clearStatus();
            put((text + "\n").getBytes(UTF_8), 0);
            put(status);
            lineEnded.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Replaces the line below all others, which is there while no other has begun. */
    void status(String text) {
        lock.lock();
        try {
            if (inLine == null) {
                put(CLEAR_LINE + text);
            }
            status = text;
        } finally {
            lock.unlock();
        }
    }

    private void clearStatus() {
        if (!status.isEmpty()) {
            put(CLEAR_LINE);
        }
    }

    private void endOtherLine() {
        long left = LONG_LINE_MAY_TAKE_NANOS;
        while (line == OutputForm.Line.FLOWING && left > 0) {
            try {
                left = lineEnded.awaitNanos(left);
            } catch (InterruptedException nobodyDoes) {
                Thread.currentThread().interrupt();
                left = 0;
            }
        }
        if (inLine != null) {
            put(NEW_LINE, 0);
            inLine.isBroken = true;
            inLine = null;
            line = OutputForm.Line.ENDED;
        }
    }

    private void put(String text) {
        if (!text.isEmpty()) {
            put(text.getBytes(UTF_8), 0);
        }
    }

    private void put(byte[] bytes, int from) {
        try {
            place.write(bytes, from, bytes.length - from);
        } catch (IOException notTaken) {
            // As under java: the program goes on.
            if (!isLostSaid) {
                isLostSaid = true;
                lost.accept(notTaken);
            }
        }
    }
}
