package dev.prefork.it.fire;

import dev.prefork.it.support.Signals;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A worker that is stopped for 10 s: who waits for it. */
final class Stopped implements Trial {
    private static final int KEPT = 16;
    private static final int NEW = 8;

    @Override
    public String name() {
        return "STOPPED";
    }

    @Override
    public String title() {
        return "a worker stopped for 10 s: who waited over 1 s, of new ones and of 16 kept ones";
    }

    @Override
    public String must() {
        return "0 new but what it had in hand, at most 1/N of the kept ones; these spread equally ±"
                + " 1";
    }

    @Override
    public Figure run(Stage stage) throws Exception {
        try (Fleet fleet = stage.start()) {
            List<Integer> pids = fleet.awaitWhole();
            try (Load anew = Load.on(fleet.port(), NEW, 0);
                    Load kept = Load.on(fleet.port(), 0, KEPT)) {
                anew.tally().awaitAnswers(200);
                kept.tally().awaitAnswers(KEPT * 20);
                List<Integer> keptBy = kept.keptBy();
                int victim = mostOf(keptBy, pids);
                Signals.stop(victim);
                InHand inHand = InHand.left(stage.folder(), victim);
                TimeUnit.SECONDS.sleep(10);
                Signals.resume(victim);
                kept.tally().awaitAnswersOf(List.of(victim));
                List<Asked> late = anew.end().late(false);
                long others = late.stream().filter(asked -> !inHand.explains(asked.port())).count();
                long keptLate = kept.end().late(true).size();
                String text =
                        "new %s, kept %d; spread %s"
                                .formatted(describe(late, others), keptLate, spread(keptBy, pids));
                return new Figure(
                        text,
                        others == 0
                                && anew.tally().failures().isEmpty()
                                && isEven(keptBy, pids)
                                && keptLate <= Math.ceilDiv(KEPT, stage.workers()));
            }
        }
    }

    /** Such as {@code 2 (at most 9.8 s, in hand 1)}. */
    private static String describe(List<Asked> late, long others) {
        double longest = late.stream().mapToLong(Asked::nanos).max().orElse(0) / 1e9;
        return late.isEmpty()
                ? "0"
                : "%d (at most %.1f s, in hand %d)"
                        .formatted(late.size(), longest, late.size() - others);
    }

    private static int mostOf(List<Integer> keptBy, List<Integer> pids) {
        return pids.stream()
                .max(
                        (a, b) ->
                                Long.compare(
                                        keptBy.stream().filter(a::equals).count(),
                                        keptBy.stream().filter(b::equals).count()))
                .orElseThrow();
    }

    private static String spread(List<Integer> keptBy, List<Integer> pids) {
        return counts(keptBy, pids).stream().map(String::valueOf).collect(Collectors.joining("/"));
    }

    private static boolean isEven(List<Integer> keptBy, List<Integer> pids) {
        List<Long> counts = counts(keptBy, pids);
        return counts.getLast() - counts.getFirst() <= 1;
    }

    /** How many each of them has, the fewest first. */
    private static List<Long> counts(List<Integer> keptBy, List<Integer> pids) {
        return pids.stream()
                .map(pid -> keptBy.stream().filter(pid::equals).count())
                .sorted()
                .toList();
    }
}
