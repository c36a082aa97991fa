package dev.prefork.ipc;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * How much a channel may deliver before its listener has done with it.
 *
 * <p>Shut when more than {@link #LIMIT_BYTES} are delivered and not done, open again when they have
 * fallen to half, so that a slow listener costs a change of interest for each half window and not
 * for each message. Safe for any thread.
 */
final class ReceiveWindow {
    /** Node's high-water mark of a channel: 65536 * 2. */
    static final int LIMIT_BYTES = 128 << 10;

    private final Runnable reopened;
    private long taken;
    private volatile boolean shut;
    private boolean closed;

    /**
     * @param reopened called by whoever makes room in a window that was shut, without a lock
     */
    ReceiveWindow(Runnable reopened) {
        this.reopened = reopened;
    }

    boolean isOpen() {
        return !shut;
    }

    /** Takes room for a message, which may be larger than the window. */
    synchronized Receipt take(int bytes) {
        Receipt receipt = new Taken(bytes);
        taken += bytes;
        shut |= taken > LIMIT_BYTES;
        return receipt;
    }

    /** From now on no receipt matters. */
    synchronized void close() {
        closed = true;
    }

    private synchronized boolean opensBy(int bytes) {
        taken -= bytes;
        boolean opens = shut && taken <= LIMIT_BYTES / 2;
        shut &= !opens;
        return opens && !closed;
    }

    private final class Taken implements Receipt {
        private final int bytes;
        private final AtomicBoolean done = new AtomicBoolean();

        Taken(int bytes) {
            this.bytes = bytes;
        }

        @Override
        public void done() {
            if (done.compareAndSet(false, true) && opensBy(bytes)) {
                reopened.run();
            }
        }

        @Override
        public int bytes() {
            return bytes;
        }
    }
}
