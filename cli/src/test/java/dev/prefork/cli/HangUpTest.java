package dev.prefork.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.OptionalLong;

/** Whose a SIGHUP is once the terminal has gone. */
class HangUpTest {
    private static final long GONE = Long.MAX_VALUE - 1;

    @ParameterizedTest
    @CsvSource({"0, true", "4999, true", "5000, false", "86400000, false"})
    void givenATerminalThatHasGone_whenTheSignalComes_thenTheTimeTellsWhoseItIs(
            long millis, boolean isTerminals) {
        long now = GONE + Duration.ofMillis(millis).toNanos();

        assertThat(HangUp.isRecent(OptionalLong.of(GONE), now)).isEqualTo(isTerminals);
    }

    @Test
    void givenATerminalThatIsNotYetKnownToHaveGone_whenTheSignalComes_thenItIsTheTerminals() {
        assertThat(HangUp.isRecent(OptionalLong.empty(), 7)).isTrue();
    }
}
