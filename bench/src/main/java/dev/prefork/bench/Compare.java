package dev.prefork.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The command {@code bench/compare}: ours against Node or nginx, or against an older checkout. */
public final class Compare {
    private static final int PAIRS_WITH_OTHERS = 5;

    /** What is claimed of ourselves is a few percent: that takes more. */
    private static final int PAIRS_WITH_OURSELVES = 7;

    private static final String SELF = "self";
    private static final String ALL = "all";
    private static final String PAGE = "page";

    private Compare() {}

    /**
     * Takes {@code NAME... [PAIRS]}, {@code all [PAIRS]}, {@code self CHECKOUT [PAIRS] [NAME...]}
     * or {@code page}.
     */
    public static void main(String[] args) throws Exception {
        List<String> words = List.of(args);
        List<String> rest = words.stream().skip(1).toList();
        try {
            switch (words.isEmpty() ? "" : words.getFirst()) {
                case "" -> printUsage();
                case SELF -> withOurselves(rest);
                case ALL -> {
                    withOthers(List.of(Benchmark.values()), pairs(rest, PAIRS_WITH_OTHERS));
                    writePage();
                }
                case PAGE -> writePage();
                default -> withOthers(benchmarks(words), pairs(words, PAIRS_WITH_OTHERS));
            }
        } catch (IllegalArgumentException e) {
            printUsage();
            fail(e.getMessage());
        } catch (Checkout.UnusableException | IOException e) {
            fail(e.getMessage());
        }
    }

    private static void withOthers(List<Benchmark> benchmarks, int count)
            throws IOException, InterruptedException, Checkout.UnusableException {
        Checkout checkout = Checkout.ofThisBuild();
        Results results = Results.here(checkout);
        for (Workload workload : Workload.values()) {
            Side ours = JavaSide.ofThisBuild("ours");
            Pairs pairs = new Pairs(ours, workload.peer(), count, System.out);
            List<Row> rows = measure(pairs, workload, benchmarks);
            rows.stream().filter(Row::hasTarget).forEach(Compare::printVerdict);
            results.rows().addAll(rows);
            if (!results.rows().isEmpty()) {
                // After each, so that what ends the rest loses none.
                results.write(checkout.results());
            }
        }
        if (results.rows().isEmpty()) {
            throw new Checkout.UnusableException("nothing could be measured");
        }
        System.out.println(results.write(checkout.results()));
    }

    private static void printVerdict(Row row) {
        System.out.printf(
                "%s: target of %s %s%n",
                row.benchmark(), row.judgesOurs() ? "our figure" : "the ratio", row.verdict());
    }

    private static void withOurselves(List<String> words)
            throws IOException, InterruptedException, Checkout.UnusableException {
        if (words.isEmpty()) {
            throw new IllegalArgumentException("self must be followed by a checkout");
        }
        List<String> rest = words.subList(1, words.size());
        List<Benchmark> benchmarks = benchmarks(rest);
        int count = pairs(rest, PAIRS_WITH_OURSELVES);
        Checkout checkout = new Checkout(Path.of(words.getFirst()).toAbsolutePath().normalize());
        checkout.build();
        Pairs pairs =
                new Pairs(
                        JavaSide.ofThisBuild("this"),
                        JavaSide.of("that", checkout),
                        count,
                        System.out);
        for (Workload workload : Workload.values()) {
            var _ =
                    measure(
                            pairs,
                            workload,
                            benchmarks.isEmpty() ? List.of(Benchmark.values()) : benchmarks);
        }
    }

    /** Says why, where it cannot be: a peer may be missing, and an older build has not all. */
    private static List<Row> measure(Pairs pairs, Workload workload, List<Benchmark> benchmarks)
            throws InterruptedException {
        List<Benchmark> its =
                benchmarks.stream().filter(each -> each.workload() == workload).toList();
        if (its.isEmpty()) {
            return List.of();
        }
        try {
            return pairs.measure(workload, its);
        } catch (IOException e) {
            List<String> titles = its.stream().map(Benchmark::title).toList();
            System.out.println(String.join(", ", titles) + ": skipped: " + e.getMessage());
            return List.of();
        }
    }

    private static void writePage() throws IOException {
        Checkout checkout = Checkout.ofThisBuild();
        Page.write(Results.readAll(checkout.results()), checkout.page());
        System.out.println(checkout.page());
    }

    private static List<Benchmark> benchmarks(List<String> words) {
        List<Benchmark> benchmarks = new ArrayList<>();
        for (String word : words) {
            if (!isNumber(word)) {
                benchmarks.add(
                        Benchmark.named(word)
                                .orElseThrow(
                                        () ->
                                                new IllegalArgumentException(
                                                        "no benchmark " + word)));
            }
        }
        return benchmarks;
    }

    private static int pairs(List<String> words, int usual) {
        return words.stream()
                .filter(Compare::isNumber)
                .mapToInt(Integer::parseInt)
                .findFirst()
                .orElse(usual);
    }

    private static boolean isNumber(String word) {
        return word.matches("[1-9][0-9]{0,3}");
    }

    private static void printUsage() {
        System.err.print(
                """
                bench/compare NAME... [PAIRS]                  ours against Node, nginx or java alone
                bench/compare all [PAIRS]                      every one, and then the page
                bench/compare page                             docs/performance.md from bench/results
                bench/compare self CHECKOUT [NAME...] [PAIRS]  this build against another of ours
                where NAME is one of
                """);
        Arrays.stream(Benchmark.values())
                .forEach(each -> System.err.printf("  %-14s %s%n", each.title(), each.line()));
    }

    private static void fail(String message) {
        System.err.println("bench/compare: " + message);
        System.exit(2);
    }
}
