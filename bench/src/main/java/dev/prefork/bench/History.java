package dev.prefork.bench;

import java.util.List;

/**
 * What one benchmark has given on all days.
 *
 * @param days the newest first
 */
record History(Benchmark benchmark, List<Day> days) {
    /** One of the runs of {@code bench/compare}. */
    record Day(Results results, Row row) {}
}
