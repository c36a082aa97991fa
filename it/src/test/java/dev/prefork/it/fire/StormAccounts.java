package dev.prefork.it.fire;

import java.util.List;
import java.util.Map;

/**
 * What came of a storm.
 *
 * @param gone the workers that were sent SIGKILL or SIGTERM
 */
record StormAccounts(Map<StormAct, Integer> acts, Losses losses, List<Integer> gone) {
    int opened() {
        return losses.tally().count();
    }

    int answered() {
        return opened() - losses.tally().failures().size();
    }

    boolean areBalanced() {
        return opened() == answered() + losses.inHand() + losses.atTheDoor();
    }

    @Override
    public String toString() {
        return "opened %,d = answered %,d + in hand %d + at the door %d%s; %s"
                .formatted(
                        opened(),
                        answered(),
                        losses.inHand(),
                        losses.atTheDoor(),
                        areBalanced() ? "" : " + LOST " + losses.others(),
                        acts);
    }
}
