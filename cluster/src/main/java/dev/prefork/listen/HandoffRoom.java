package dev.prefork.listen;

import dev.prefork.posix.OpenFileLimit;

/**
 * How many {@link HandoffLane}s there may be. Each has two descriptors, and what listens and what
 * comes in needs some too: with hundreds of ports and a low limit, the lanes that find no room here
 * go by the channel, which needs none. Belongs to the loop's thread.
 */
final class HandoffRoom {
    private static final int DESCRIPTORS_OF_A_LANE = 2;

    private final int most;
    private int taken;

    HandoffRoom(int most) {
        this.most = most;
    }

    /** Half of the descriptors that this process may have. */
    static HandoffRoom ofThisProcess() {
        return new HandoffRoom(OpenFileLimit.ofThisProcess() / 2 / DESCRIPTORS_OF_A_LANE);
    }

    /** Takes a place, which is given back; false if there is none. */
    boolean take() {
        if (taken == most) {
            return false;
        }
        taken++;
        return true;
    }

    void giveBack() {
        taken--;
    }
}
