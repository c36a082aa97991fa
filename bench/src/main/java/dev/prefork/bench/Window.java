package dev.prefork.bench;

import java.util.concurrent.Semaphore;
import java.util.function.IntConsumer;

/**
 * So many messages of one direction may be unacknowledged; they are acknowledged several at once.
 *
 * @param room for more
 * @param most that may be unacknowledged
 * @param atOnce how many one acknowledgement is for
 */
record Window(Semaphore room, int most, int atOnce) {
    Window(int most, int atOnce) {
        this(new Semaphore(most), most, atOnce);
    }

    /** Waits while too many are not acknowledged, and at last until all are. */
    void stream(int count, IntConsumer send) {
        for (int i = 0; i < count; i++) {
            room.acquireUninterruptibly();
            send.accept(i);
        }
        room.acquireUninterruptibly(most);
        room.release(most);
    }

    /** Of those that were sent. */
    void acknowledged() {
        room.release(atOnce);
    }

    /**
     * At the other end.
     *
     * @param received how many so far
     */
    boolean isToAcknowledge(int received) {
        return received % atOnce == 0;
    }
}
