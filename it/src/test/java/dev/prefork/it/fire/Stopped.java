package dev.prefork.it.fire;

import dev.prefork.it.support.Signals;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
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
        return "0 new, at most 1/N of the kept ones; these spread equally ± 1";
    }

    @Override
    public Figure run(Stage stage) throws Exception {
        List<Integer> keptBy;
        Tally tally;
        int workers = stage.workers();
        try (Fleet fleet = stage.start()) {
            List<Integer> pids = fleet.awaitWhole();
            try (Load anew = Load.on(fleet.port(), NEW, 0);
                    Load kept = Load.on(fleet.port(), 0, KEPT)) {
                anew.tally().awaitAnswers(200);
                kept.tally().awaitAnswers(KEPT * 20);
                keptBy = kept.keptBy();
                int victim = mostOf(keptBy, pids);
                Signals.stop(victim);
                TimeUnit.SECONDS.sleep(10);
                Signals.resume(victim);
                kept.tally().awaitAnswersOf(List.of(victim));
                tally = anew.end();
                long keptLate = kept.end().late(true);
                return figure(tally, keptLate, spread(keptBy, pids), workers);
            }
        }
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
        Map<Integer, Long> counts =
                keptBy.stream()
                        .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        return pids.stream()
                .map(pid -> counts.getOrDefault(pid, 0L))
                .sorted()
                .map(String::valueOf)
                .collect(Collectors.joining("/"));
    }

    private static Figure figure(Tally anew, long keptLate, String spread, int workers) {
        List<Long> counts = List.of(spread.split("/", -1)).stream().map(Long::valueOf).toList();
        boolean isEven = counts.getLast() - counts.getFirst() <= 1;
        long newLate = anew.late(false);
        return new Figure(
                "new %d, kept %d; spread %s".formatted(newLate, keptLate, spread),
                newLate == 0
                        && anew.failures().isEmpty()
                        && isEven
                        && keptLate <= Math.ceilDiv(KEPT, workers));
    }
}
