package dev.prefork.ipc;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much a channel may deliver before its listener has done with it.
 *
 * <p>Shut when more than {@link #LIMIT_BYTES} are delivered and not done, open again when they have
 * fallen to half, so that a slow listener costs a change of interest for each half window and not
 * for each message. Safe for any thread, without a lock: the loop takes for each message, and
 * listeners are done with one, at the same time.
 */
final class ReceiveWindow {
    /** Node's high-water mark of a channel: 65536 * 2. */
    static final int LIMIT_BYTES = 128 << 10;

    private final Runnable reopened;
    private final AtomicLong taken = new AtomicLong();
    private final AtomicBoolean shut = new AtomicBoolean();
    private volatile boolean closed;

    /**
     * @param reopened called by whoever makes room in a window that was shut, without a lock
     */
    ReceiveWindow(Runnable reopened) {
        this.reopened = reopened;
    }

    boolean isOpen() {
        return !shut.get();
    }

    /** Takes room for a message, which may be larger than the window. On the loop's thread. */
    Receipt take(int bytes) {
        if (taken.addAndGet(bytes) > LIMIT_BYTES) {
            shut.set(true);
            // All may have been done before that, by others who have not seen it.
            var _ = opens();
        }
        return new Taken(bytes);
    }

    /** From now on no receipt matters. */
    void close() {
        closed = true;
    }

    /** Opens the window if it is shut and may be open; true for one caller alone. */
    private boolean opens() {
        // Asked before it is tried: a try that fails takes the flag from the loop's processor.
        return shut.get() && taken.get() <= LIMIT_BYTES / 2 && shut.compareAndSet(true, false);
    }

    private void isDone(int bytes) {
        var _ = taken.addAndGet(-bytes);
        if (opens() && !closed) {
            reopened.run();
        }
    }

    private final class Taken implements Receipt {
        private final int bytes;
        private final AtomicBoolean done = new AtomicBoolean();

        Taken(int bytes) {
            this.bytes = bytes;
        }

        @Override
        public void done() {
            if (done.compareAndSet(false, true)) {
                isDone(bytes);
            }
        }

        @Override
        public int bytes() {
            return bytes;
        }
    }
}
