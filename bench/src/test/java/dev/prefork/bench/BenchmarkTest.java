package dev.prefork.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.Arrays;

class BenchmarkTest {
    /** The least that is good enough. */
    @ParameterizedTest
    @CsvSource({
        "cpu-rr, true, 0.34, false",
        "conn-rr, false, 1.9, false",
        "cpu-none, true, 0.55, false",
        "conn-reuseport, false, 0.95, false",
        "rtt, true, 0.5, false",
        "up, false, 2, false",
        "down, false, 2, false",
        "handles, false, 3, false",
        "fork-online, true, 1.5, false",
        "fork-cached, true, 1.5, false",
        "fork-spare, true, 0.3, false",
        "first-answer, true, 1.7, false",
        "memory, true, 2.5, false",
        "fresh, false, 0.5, false",
        "steady-1, false, 0.98, false",
        "http-20, false, 1.3, false",
        "plain-5, false, 0.9, false",
        "balance, true, 1.05, true",
        "cpu-primary-32, true, 1.15, true",
        "p999-stopped, true, 2, true",
        "primary-memory, true, 50, true"
    })
    void theTargetsAreThoseOfTheTable(
            String title, boolean lessIsBetter, double bound, boolean judgesOurs) {
        Goal goal = Benchmark.named(title).orElseThrow().goal();

        assertThat(goal.lessIsBetter()).isEqualTo(lessIsBetter);
        assertThat(goal.bound()).hasValue(bound);
        assertThat(goal.judgesOurs()).isEqualTo(judgesOurs);
    }

    @ParameterizedTest
    @EnumSource
    void everyoneIsFoundByItsTitle(Benchmark benchmark) {
        assertThat(Benchmark.named(benchmark.title())).contains(benchmark);
    }

    @ParameterizedTest
    @EnumSource
    void everyWorkloadIsOfSomeBenchmark(Workload workload) {
        assertThat(Arrays.stream(Benchmark.values()).map(Benchmark::workload)).contains(workload);
    }

    @Test
    void whatIsUnknownHasNoBenchmark() {
        assertThat(Benchmark.named("speed")).isEmpty();
    }
}
