package dev.prefork.listen;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.stream.Stream;

class PauseTest {
    private final Pause pause = new Pause();

    @Test
    void givenNoRoom_whenItLasts_thenPausesGrowUpToTheLongestAndBeginAnewAfterRoom() {
        assertThat(Stream.generate(pause::next).limit(6))
                .map(each -> each.toMillis())
                .containsExactly(5L, 10L, 20L, 40L, 40L, 40L);

        pause.over();

        assertThat(pause.next()).isEqualTo(Pause.SHORTEST);
    }
}
