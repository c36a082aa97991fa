package dev.prefork.primary;

import java.util.ArrayList;
import java.util.List;

/**
 * The processes that fill one slot, the oldest first: two while one is being replaced, more while
 * those before are still leaving. Who is the first has what only one process can have, such as the
 * port of the debugger. Safe for any thread, told on the loop's.
 */
final class Occupants {
    private final List<Peer> peers = new ArrayList<>();

    synchronized boolean isEmpty() {
        return peers.isEmpty();
    }

    void add(Peer peer) {
        synchronized (this) {
            peers.add(peer);
        }
        tellFirst();
    }

    /** Its process has ended. */
    void remove(Peer peer) {
        synchronized (this) {
            peers.remove(peer);
        }
        tellFirst();
    }

    private void tellFirst() {
        Peer first;
        synchronized (this) {
            if (peers.isEmpty()) {
                return;
            }
            first = peers.getFirst();
        }
        first.isFirst();
    }
}
