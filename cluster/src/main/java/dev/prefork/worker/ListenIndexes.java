package dev.prefork.worker;

import dev.prefork.wire.ListenAddress;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * Numbers the listens on the same address in this worker, so that the first listen(0) of each
 * worker shares one port, the second another (SPEC A8). A number is free again after its close.
 */
final class ListenIndexes {
    private final Map<ListenAddress, BitSet> taken = new HashMap<>();

    int take(ListenAddress address) {
        BitSet indexes = taken.computeIfAbsent(address, unseen -> new BitSet());
        int index = indexes.nextClearBit(0);
        indexes.set(index);
        return index;
    }

    void free(ListenAddress address, int index) {
        BitSet indexes = taken.get(address);
        indexes.clear(index);
        if (indexes.isEmpty()) {
            taken.remove(address);
        }
    }
}
