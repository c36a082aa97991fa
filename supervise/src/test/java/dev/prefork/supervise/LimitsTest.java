package dev.prefork.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.stream.IntStream;

/** How long a slot stays empty. SPEC F14. */
class LimitsTest {
    @Test
    void givenDeathsInARow_thenThePauseDoublesUpToACeiling() {
        assertThat(
                        IntStream.range(0, 14)
                                .mapToObj(deaths -> Limits.pauseAfter(deaths, 0))
                                .map(Duration::toMillis))
                .containsExactly(
                        0L, 0L, 100L, 200L, 400L, 800L, 1_600L, 3_200L, 6_400L, 12_800L, 25_600L,
                        30_000L, 30_000L, 30_000L);
        assertThat(Limits.pauseAfter(Integer.MAX_VALUE, 0)).isEqualTo(Duration.ofSeconds(30));
    }

    /** Those that died of the same do not start together. */
    @Test
    void givenSeveralWorkers_thenTheirPausesDifferByUpToAQuarter() {
        assertThat(IntStream.range(1, 9).mapToObj(worker -> Limits.pauseAfter(20, worker)))
                .doesNotHaveDuplicates()
                .allMatch(pause -> pause.compareTo(Duration.ofMillis(22_500)) >= 0)
                .allMatch(pause -> pause.compareTo(Duration.ofSeconds(30)) <= 0);
    }
}
