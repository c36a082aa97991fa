package dev.prefork.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The command {@code bench/compare NAME [PAIRS]}. */
public final class Compare {
    private static final int DEFAULT_PAIRS = 5;

    private Compare() {}

    /** Takes the name of a benchmark and, if wanted, how many pairs to measure. */
    public static void main(String[] args) throws Exception {
        Optional<Benchmark> named = args.length == 0 ? Optional.empty() : Benchmark.named(args[0]);
        if (named.isEmpty()) {
            System.err.println("bench/compare NAME [PAIRS], where NAME is one of");
            for (Benchmark benchmark : Benchmark.values()) {
                System.err.printf("  %-12s %s%n", benchmark.title(), benchmark.summary());
            }
            System.exit(args.length == 0 ? 0 : 2);
        }
        run(named.get(), args.length > 1 ? Integer.parseInt(args[1]) : DEFAULT_PAIRS);
    }

    private static void run(Benchmark benchmark, int pairs) throws Exception {
        System.out.println(benchmark.title() + ": " + benchmark.summary());
        List<Double> ratios = new ArrayList<>();
        for (int pair = 1; pair <= pairs; pair++) {
            // Each side is first in every other pair: what warms the machine up favours nobody.
            boolean oursFirst = pair % 2 == 1;
            double first = benchmark.measure(oursFirst ? Side.OURS : Side.NODE);
            double second = benchmark.measure(oursFirst ? Side.NODE : Side.OURS);
            double ours = oursFirst ? first : second;
            double node = oursFirst ? second : first;
            ratios.add(ours / node);
            System.out.printf(
                    Locale.ROOT,
                    "pair %d: ours %.1f, node %.1f, ratio %.2f%n",
                    pair,
                    ours,
                    node,
                    ours / node);
        }
        System.out.printf(
                Locale.ROOT,
                "ratio %.2f (ours/node, median of %d pairs, min %.2f max %.2f)%n",
                Median.of(ratios),
                pairs,
                Collections.min(ratios),
                Collections.max(ratios));
    }
}
