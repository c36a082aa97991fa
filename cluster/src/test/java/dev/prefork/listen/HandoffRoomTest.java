package dev.prefork.listen;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HandoffRoomTest {
    @Test
    void givenRoomForTwo_whenOneIsGivenBack_thenAnotherHasItsPlace() {
        HandoffRoom room = new HandoffRoom(2);

        assertThat(room.take()).isTrue();
        assertThat(room.take()).isTrue();
        assertThat(room.take()).isFalse();
        room.giveBack();
        assertThat(room.take()).isTrue();
        assertThat(room.take()).isFalse();
    }
}
