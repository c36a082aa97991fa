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
    void measure(Workload workload, List<Benchmark> benchmarks)
            throws IOException, InterruptedException {
        benchmarks.forEach(
                benchmark -> out.println(benchmark.title() + ": " + benchmark.line()));
        Map<Benchmark, List<Double>> ratios = new EnumMap<>(Benchmark.class);
        for (int pair = 1; pair <= count; pair++) {
            // Each side is first in every other pair: what warms the machine up favours nobody.
            boolean oneIsFirst = pair % 2 == 1;
            Map<Benchmark, Double> first = workload.run(oneIsFirst ? one : other);
            Map<Benchmark, Double> second = workload.run(oneIsFirst ? other : one);
            for (Benchmark benchmark : benchmarks) {
                double ones = (oneIsFirst ? first : second).get(benchmark);
                double others = (oneIsFirst ? second : first).get(benchmark);
                ratios.computeIfAbsent(benchmark, _ -> new ArrayList<>()).add(ones / others);
                print(pair, benchmark, ones, others);
            }
        }
        ratios.forEach(this::print);
    }

    private void print(int pair, Benchmark benchmark, double ones, double others) {
        out.printf(
                Locale.ROOT,
                "pair %d: %s: %s %.1f, %s %.1f, ratio %.3f%n",
                pair,
                benchmark.title(),
                one.name(),
                ones,
                other.name(),
                others,
                ones / others);
    }

    private void print(Benchmark benchmark, List<Double> ratios) {
        out.printf(
                Locale.ROOT,
                "%s: ratio %.3f (%s/%s, median of %d pairs, min %.3f max %.3f)%n",
                benchmark.title(),
                Quantile.median(ratios),
                one.name(),
                other.name(),
                ratios.size(),
                Collections.min(ratios),
                Collections.max(ratios));
    }
}
