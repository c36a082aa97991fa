package dev.prefork.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A signal that is passed on is one wish. */
class EchoesTest {
    // As System.nanoTime, it may begin anywhere.
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1);
    private final Echoes echoes = new Echoes(now::get);

    @ParameterizedTest
    @CsvSource({"0, true", "1, true", "499, true", "500, false", "60000, false"})
    void givenAWish_whenItComesAgain_thenTheTimeTellsWhetherItIsAnother(long millis, boolean echo) {
        assertThat(echoes.isEcho()).isFalse();

        now.addAndGet(Duration.ofMillis(millis).toNanos());

        assertThat(echoes.isEcho()).isEqualTo(echo);
    }

    @Test
    void givenSomebodyWhoGoesOnAsking_whenTheTimeIsOver_thenTheNextIsAnother() {
        for (int i = 0; i < 5; i++) {
            assertThat(echoes.isEcho()).isEqualTo(i > 0);
            now.addAndGet(Duration.ofMillis(100).toNanos());
        }

        assertThat(echoes.isEcho()).isFalse();
    }
}
