package dev.prefork.bench;

import java.util.Collections;
import java.util.List;

/**
 * What one benchmark has given on one day.
 *
 * @param peer whom ours was compared with
 * @param target the worst that is good enough, or null where nothing was said
 * @param judgesOurs whether our own figures are judged, and not the ratios
 */
record Row(
        String benchmark,
        String unit,
        String peer,
        boolean lessIsBetter,
        Double target,
        boolean judgesOurs,
        List<Pair> pairs) {
    static Row of(Benchmark benchmark, String peer, List<Pair> pairs) {
        Goal goal = benchmark.goal();
        return new Row(
                benchmark.title(),
                benchmark.unit(),
                peer,
                goal.lessIsBetter(),
                goal.bound().isPresent() ? goal.bound().getAsDouble() : null,
                goal.judgesOurs(),
                pairs);
    }

    /** What is judged, in a word or two. */
    String judged() {
        return judgesOurs ? "ours" : "ours / " + peer;
    }

    double median() {
        return Quantile.median(figures());
    }

    double min() {
        return Collections.min(figures());
    }

    double max() {
        return Collections.max(figures());
    }

    double ours() {
        return Quantile.median(pairs.stream().map(Pair::ours).toList());
    }

    double others() {
        return Quantile.median(pairs.stream().map(Pair::other).toList());
    }

    boolean hasTarget() {
        return target != null;
    }

    boolean isReached() {
        return lessIsBetter ? median() <= target : median() >= target;
    }

    /** Of a target, in a few words. */
    String verdict() {
        return (lessIsBetter ? "≤ " : "≥ ")
                + Figure.of(target)
                + (isReached() ? ": reached" : ": missed");
    }

    private List<Double> figures() {
        return pairs.stream().map(pair -> judgesOurs ? pair.ours() : pair.ratio()).toList();
    }
}
