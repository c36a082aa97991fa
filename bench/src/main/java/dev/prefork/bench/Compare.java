package dev.prefork.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** The command {@code bench/compare}: ours against Node or nginx, or against an older checkout. */
public final class Compare {
    private static final int PAIRS_WITH_OTHERS = 5;

    /** What is claimed of ourselves is a few percent: that takes more. */
    private static final int PAIRS_WITH_OURSELVES = 7;

    private static final String SELF = "self";

    private Compare() {}

    /** Takes {@code NAME [PAIRS]} or {@code self CHECKOUT [PAIRS] [NAME...]}. */
    public static void main(String[] args) throws Exception {
        List<String> words = List.of(args);
        try {
            if (words.isEmpty()) {
                printUsage();
            } else if (words.getFirst().equals(SELF)) {
                withOurselves(words.subList(1, words.size()));
            } else {
                withOthers(words);
            }
        } catch (IllegalArgumentException e) {
            printUsage();
            fail(e.getMessage());
        } catch (Checkout.UnusableException | IOException e) {
            fail(e.getMessage());
        }
    }

    private static void withOthers(List<String> words) throws IOException, InterruptedException {
        int count = pairs(words, PAIRS_WITH_OTHERS);
        measure(
                peer -> new Pairs(JavaSide.ofThisBuild("ours"), peer, count, System.out),
                benchmarks(words));
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
        measure(_ -> pairs, benchmarks.isEmpty() ? List.of(Benchmark.values()) : benchmarks);
    }

    private static void measure(Function<Side, Pairs> against, List<Benchmark> benchmarks)
            throws IOException, InterruptedException {
        for (Workload workload : Workload.values()) {
            List<Benchmark> its =
                    benchmarks.stream().filter(each -> each.workload() == workload).toList();
            if (!its.isEmpty()) {
                against.apply(workload.peer()).measure(workload, its);
            }
        }
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
                bench/compare NAME... [PAIRS]                  ours against Node, or nginx
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
