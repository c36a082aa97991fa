package dev.prefork.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

class RowTest {
    private static final List<Pair> PAIRS =
            List.of(new Pair(1, 10), new Pair(3, 10), new Pair(2, 10));

    @Test
    void theMedianOfTheRatiosIsJudged() {
        Row row = Row.of(Benchmark.CPU_RR, "node", PAIRS);

        assertThat(row.median()).isEqualTo(0.2);
        assertThat(row.min()).isEqualTo(0.1);
        assertThat(row.max()).isEqualTo(0.3);
        assertThat(row.ours()).isEqualTo(2);
        assertThat(row.others()).isEqualTo(10);
        assertThat(row.verdict()).isEqualTo("≤ 0.34: reached");
    }

    @Test
    void whereMoreIsBetterLessMisses() {
        assertThat(Row.of(Benchmark.CONN_RR, "node", PAIRS).verdict()).isEqualTo("≥ 1.9: missed");
    }

    @Test
    void aRowAgainstItselfJudgesOursAlone() {
        Row row = Row.of(Benchmark.P999_STOPPED, "node", PAIRS);

        assertThat(row.median()).isEqualTo(2);
        assertThat(row.verdict()).isEqualTo("≤ 2: reached");
    }

    @Test
    void notEveryRowHasATarget() {
        assertThat(Row.of(Benchmark.CPU_UP, "node", PAIRS).hasTarget()).isFalse();
    }
}
