package dev.prefork.bench;

import java.util.List;

/** What so many of some measurements are not above. */
final class Quantile {
    private Quantile() {}

    /** The middle; of two in the middle the mean. */
    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1
                ? sorted.get(middle)
                : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** The smallest measurement that is not below this part of all. */
    static double of(List<Double> values, double part) {
        List<Double> sorted = values.stream().sorted().toList();
        int rank = (int) Math.ceil(part * sorted.size());
        return sorted.get(Math.max(rank, 1) - 1);
    }
}
