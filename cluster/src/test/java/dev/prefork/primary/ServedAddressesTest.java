package dev.prefork.primary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.AddressType;
import dev.prefork.ListeningAddress;
import dev.prefork.wire.ListenAddress;
import dev.prefork.wire.QueryServer;

import org.junit.jupiter.api.Test;

import java.util.Optional;

class ServedAddressesTest {
    private final ServedAddresses served = new ServedAddresses();

    private static QueryServer query(int port, int index) {
        return new QueryServer(
                ListenAddress.of(Optional.of("127.0.0.1"), port, AddressType.TCP4),
                index,
                QueryServer.Wishes.NONE,
                null,
                false);
    }

    private static ListeningAddress address(int port) {
        return new ListeningAddress(
                Optional.of("127.0.0.1"), port, AddressType.TCP4, Optional.empty());
    }

    @Test
    void givenAServer_whenItCloses_thenItsAddressIsToldOnce() {
        QueryServer query = query(0, 0);
        served.granted(query);
        served.listening(address(4711));

        Optional<ListeningAddress> first = served.closed(query.key());
        Optional<ListeningAddress> second = served.closed(query.key());

        assertThat(first).contains(address(4711));
        assertThat(second).isEmpty();
    }

    @Test
    void givenTwoServersOnAnyPort_whenTheyListen_thenEachHasItsOwnAddress() {
        served.granted(query(0, 0));
        served.granted(query(0, 1));
        served.listening(address(1001));
        served.listening(address(1002));

        Optional<ListeningAddress> second = served.closed(query(0, 1).key());
        Optional<ListeningAddress> first = served.closed(query(0, 0).key());

        assertThat(second).contains(address(1002));
        assertThat(first).contains(address(1001));
    }

    @Test
    void givenAnotherPort_whenItIsToldToListen_thenItIsNotTheGrantedOne() {
        QueryServer query = query(8000, 0);
        served.granted(query);

        served.listening(address(8001));

        assertThat(served.closed(query.key())).isEmpty();
    }

    @Test
    void givenAGrantThatDoesNotListenYet_whenItCloses_thenThereIsNothingToTell() {
        QueryServer query = query(0, 0);
        served.granted(query);

        Optional<ListeningAddress> closed = served.closed(query.key());

        assertThat(closed).isEmpty();
        assertThat(served.closed("no such key")).isEmpty();
    }
}
