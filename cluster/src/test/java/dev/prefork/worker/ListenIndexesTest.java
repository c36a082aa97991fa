package dev.prefork.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.AddressType;
import dev.prefork.wire.ListenAddress;

import org.junit.jupiter.api.Test;

import java.util.Optional;

/** SPEC A8. */
class ListenIndexesTest {
    private static final ListenAddress ANY_PORT =
            ListenAddress.of(Optional.empty(), 0, AddressType.TCP4);
    private static final ListenAddress OTHER =
            ListenAddress.of(Optional.of("127.0.0.1"), 0, AddressType.TCP4);

    private final ListenIndexes indexes = new ListenIndexes();

    @Test
    void givenSeveralListens_whenOfOneAddress_thenTheyAreNumbered() {
        int first = indexes.take(ANY_PORT);
        int second = indexes.take(ANY_PORT);
        int other = indexes.take(OTHER);

        assertThat(first).isZero();
        assertThat(second).isOne();
        assertThat(other).isZero();
    }

    @Test
    void givenAListenThatClosed_whenAnotherComes_thenItHasItsNumber() {
        indexes.take(ANY_PORT);
        indexes.take(ANY_PORT);

        indexes.free(ANY_PORT, 0);

        assertThat(indexes.take(ANY_PORT)).isZero();
        assertThat(indexes.take(ANY_PORT)).isEqualTo(2);
    }
}
