package dev.prefork.it.fire;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a load has lost, and how much of it was in the hand of processes that were killed.
 *
 * @param inHand lost with a connection that a killed process had accepted
 * @param door new ones, at most one for each killed process: that which it may have been about to
 *     note when it was killed
 * @param others the rest
 */
record Losses(Tally tally, int inHand, List<Asked> door, List<Asked> others) {
    /** Of a load during which these processes were killed, who have left files there. */
    static Losses of(Tally tally, Path folder, Collection<Integer> killed) throws IOException {
        List<InHand> left = new ArrayList<>();
        for (int pid : killed) {
            left.add(InHand.left(folder, pid));
        }
        List<Asked> others = new ArrayList<>();
        int inHand = 0;
        List<Asked> door = new ArrayList<>();
        for (Asked failure : tally.failures()) {
            boolean isReset = failure.outcome() == Outcome.RESET;
            if (isReset && left.stream().anyMatch(file -> file.explains(failure.port()))) {
                inHand++;
            } else if (isReset && !failure.isKept() && door.size() < killed.size()) {
                door.add(failure);
            } else {
                others.add(failure);
            }
        }
        return new Losses(tally, inHand, door, others);
    }

    int atTheDoor() {
        return door.size();
    }

    boolean isNothingElse() {
        return others.isEmpty();
    }

    /** Such as {@code new: 3 reset of 9,000 (in hand); kept: 0 of 8,000}. */
    @Override
    public String toString() {
        String kinds =
                Stream.of(false, true)
                        .filter(isKept -> tally.count(isKept) > 0)
                        .map(this::ofKind)
                        .collect(Collectors.joining("; "));
        if (inHand + door.size() == 0) {
            return kinds;
        }
        String atDoor = door.isEmpty() ? "" : " and %d at the door".formatted(door.size());
        return others.isEmpty()
                ? "%s; all in hand%s".formatted(kinds, atDoor)
                : "%s; in hand %d%s".formatted(kinds, inHand, atDoor);
    }

    private String ofKind(boolean isKept) {
        String lost =
                Stream.of(Outcome.REFUSED, Outcome.RESET, Outcome.HUNG, Outcome.WRONG)
                        .filter(outcome -> tally.count(isKept, outcome) > 0)
                        .map(
                                outcome ->
                                        "%,d %s"
                                                .formatted(
                                                        tally.count(isKept, outcome),
                                                        outcome.name()
                                                                .toLowerCase(
                                                                        java.util.Locale.ROOT)))
                        .collect(Collectors.joining(", "));
        return "%s: %s of %,d"
                .formatted(
                        isKept ? "kept" : "new", lost.isEmpty() ? "0" : lost, tally.count(isKept));
    }
}
