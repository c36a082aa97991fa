package dev.prefork.it.fire;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What came of a storm.
 *
 * @param acts what was done, in order
 */
record StormAccounts(List<Done> acts, Losses losses) {
    private static final int ACTS_BEFORE = 8;

    /**
     * An act.
     *
     * @param at by System.nanoTime()
     * @param pid to whom it was done; 0 for what is not done to a worker
     * @param lines how many prefork had printed before
     */
    record Done(long at, StormAct act, int pid, int lines) {}

    int opened() {
        return losses.tally().count();
    }

    int answered() {
        return opened() - losses.tally().failures().size();
    }

    boolean areBalanced() {
        return losses.isNothingElse();
    }

    /** How often each was done. */
    private Map<StormAct, Integer> counts() {
        Map<StormAct, Integer> counts = new EnumMap<>(StormAct.class);
        acts.forEach(done -> counts.merge(done.act(), 1, Integer::sum));
        return counts;
    }

    @Override
    public String toString() {
        return "opened %,d = answered %,d + in hand %d + at the door %d%s; %s"
                .formatted(
                        opened(),
                        answered(),
                        losses.inHand(),
                        losses.atTheDoor(),
                        areBalanced() ? "" : " + lost " + losses.others().size(),
                        counts());
    }

    /** What went before each time at which something was lost that nobody had in hand. */
    String history() {
        List<String> lines = new ArrayList<>();
        long last = 0;
        for (Asked lost : losses.others()) {
            if (lost.begunAt() - last > 1_000_000_000) {
                lines.add(
                        "%s of pid %d at %.2f s; before:%n%s"
                                .formatted(
                                        lost.outcome(),
                                        lost.pid(),
                                        seconds(lost.begunAt()),
                                        before(lost.begunAt())));
            }
            last = lost.begunAt();
        }
        return String.join("\n", lines);
    }

    private String before(long time) {
        List<String> lines = new ArrayList<>();
        for (Done done : acts) {
            if (done.at() < time) {
                lines.add(
                        "    %.2f s %s %d, after line %d of prefork"
                                .formatted(
                                        seconds(done.at()), done.act(), done.pid(), done.lines()));
            }
        }
        return String.join(
                "\n", lines.subList(Math.max(0, lines.size() - ACTS_BEFORE), lines.size()));
    }

    private double seconds(long time) {
        return acts.isEmpty() ? 0 : (time - acts.getFirst().at()) / 1e9;
    }
}
