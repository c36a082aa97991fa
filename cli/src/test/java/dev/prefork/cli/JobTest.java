package dev.prefork.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.posix.ProcessStat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What /proc/self/stat says of the terminal. */
class JobTest {
    @ParameterizedTest
    @CsvSource({
        "71 (java) S 70 71 70 34816 71 4194304 0 0 0 0 0 0 0 0 20 0 1 0 5, 71, true, false",
        "71 (java) S 70 71 70 34816 70 4194304 0 0 0 0 0 0 0 0 20 0 1 0 5, 71, true, true",
        "71 (java) S 70 71 70 0 -1 4194304 0 0 0 0 0 0 0 0 20 0 1 0 5, 71, false, false",
        "71 (a) S 1 2) S 70 72 70 -2013233152 72 4194304 0 0 0 0 0 0 0 0 20 0 1 0 5, 72, true,"
                + " false"
    })
    void givenAProcess_whenRead_thenItsJobIsKnown(
            String stat, int group, boolean hasTerminal, boolean isInBackground) {
        Job job = Job.of(ProcessStat.parse(stat));

        assertThat(job.group()).isEqualTo(group);
        assertThat(job.hasTerminal()).isEqualTo(hasTerminal);
        assertThat(job.isInBackground()).isEqualTo(isInBackground);
    }

    @Test
    void givenThisProcess_whenRead_thenItHasAGroup() {
        assertThat(Job.ofThisProcess().group()).isPositive();
    }
}
