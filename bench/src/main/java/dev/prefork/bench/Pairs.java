package dev.prefork.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Runs the same work on two sides alternately, and prints each pair and the median of the ratios.
 *
 * @param one the side whose figure is divided
 * @param other the side whose figure divides
 */
record Pairs(Side one, Side other, int count, PrintStream out) {
    /** One run of each side for each pair; all these benchmarks must be of that work. */
    List<Row> measure(Workload workload, List<Benchmark> benchmarks)
            throws IOException, InterruptedException {
        benchmarks.forEach(benchmark -> out.println(benchmark.title() + ": " + benchmark.line()));
        Map<Benchmark, List<Pair>> pairs = new EnumMap<>(Benchmark.class);
        for (int number = 1; number <= count; number++) {
            // Each side is first in every other pair: what warms the machine up favours nobody.
            boolean oneIsFirst = number % 2 == 1;
            Map<Benchmark, Double> first = workload.run(oneIsFirst ? one : other);
            Map<Benchmark, Double> second = workload.run(oneIsFirst ? other : one);
            for (Benchmark benchmark : benchmarks) {
                Pair pair =
                        new Pair(
                                (oneIsFirst ? first : second).get(benchmark),
                                (oneIsFirst ? second : first).get(benchmark));
                pairs.computeIfAbsent(benchmark, _ -> new ArrayList<>()).add(pair);
                print(number, benchmark, pair);
            }
        }
        List<Row> rows = new ArrayList<>();
        pairs.forEach((benchmark, its) -> rows.add(Row.of(benchmark, other.name(), its)));
        rows.forEach(this::print);
        return rows;
    }

    private void print(int number, Benchmark benchmark, Pair pair) {
        out.printf(
                Locale.ROOT,
                "pair %d: %s: %s %s, %s %s, ratio %.3f%n",
                number,
                benchmark.title(),
                one.name(),
                Figure.of(pair.ours()),
                other.name(),
                Figure.of(pair.other()),
                pair.ratio());
    }

    private void print(Row row) {
        List<Double> ratios = row.pairs().stream().map(Pair::ratio).toList();
        out.printf(
                Locale.ROOT,
                "%s: ratio %.3f (%s/%s, median of %d pairs, min %.3f max %.3f)%n",
                row.benchmark(),
                Quantile.median(ratios),
                one.name(),
                other.name(),
                ratios.size(),
                Collections.min(ratios),
                Collections.max(ratios));
    }
}
