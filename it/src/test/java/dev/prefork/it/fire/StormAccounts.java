package dev.prefork.it.fire;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What came of a storm.
 *
 * @param acts what was done, in order
 * @param said what prefork said, in order
 */
record StormAccounts(List<Done> acts, List<String> said, Losses losses) {
    private static final int ACTS_BEFORE = 12;
    private static final int LINES_AFTER = 3;

    /**
     * An act.
     *
     * @param at by System.nanoTime()
     * @param pid to whom it was done; 0 for what is not done to a worker
     * @param said how many lines prefork had said before
     */
    record Done(long at, StormAct act, int pid, int said) {}

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
        return history(losses.others());
    }

    /** The same, of those that may have been at the door. */
    String historyOfTheDoor() {
        return history(losses.door());
    }

    private String history(List<Asked> all) {
        List<String> lines = new ArrayList<>();
        long last = 0;
        for (Asked lost : all) {
            if (lost.endedAt() - last > 1_000_000_000) {
                lines.add(
                        "%s, %s, pid %d, %s, begun at %.2f s, over at %.2f s; before:"
                                .formatted(
                                        lost.outcome(),
                                        lost.isKept() ? "kept" : "new",
                                        lost.pid(),
                                        lost.text(),
                                        seconds(lost.begunAt()),
                                        seconds(lost.endedAt())));
                lines.addAll(before(lost.endedAt()));
            }
            last = lost.endedAt();
        }
        return String.join("\n", lines);
    }

    private List<String> before(long time) {
        List<Done> done = acts.stream().filter(act -> act.at() < time).toList();
        List<String> lines = new ArrayList<>();
        int told = -1;
        for (Done act : done.subList(Math.max(0, done.size() - ACTS_BEFORE), done.size())) {
            if (told >= 0) {
                lines.addAll(said.subList(told, act.said()));
            }
            told = act.said();
            lines.add(
                    "    %.2f s %s%s"
                            .formatted(
                                    seconds(act.at()),
                                    act.act(),
                                    act.pid() == 0 ? "" : " of pid " + act.pid()));
        }
        if (told >= 0) {
            lines.addAll(said.subList(told, Math.min(said.size(), told + LINES_AFTER)));
        }
        return lines;
    }

    private double seconds(long time) {
        return acts.isEmpty() ? 0 : (time - acts.getFirst().at()) / 1e9;
    }
}
