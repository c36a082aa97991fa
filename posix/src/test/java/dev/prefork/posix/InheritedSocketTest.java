package dev.prefork.posix;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;

@ExtendWith(NothingLeft.class)
class InheritedSocketTest {
    @Test
    void givenABoundSocket_whenAsked_thenItIsNamed() throws IOException {
        try (Fd socket = Sockets.open(StandardProtocolFamily.INET, Sockets.Type.STREAM)) {
            InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
            Sockets.bind(socket.number(), new InetSocketAddress(loopback, 0));

            assertThat(InheritedSocket.address(socket.number()))
                    .contains(Sockets.localAddress(socket.number()))
                    .get()
                    .isInstanceOfSatisfying(
                            InetSocketAddress.class,
                            address -> assertThat(address.getAddress()).isEqualTo(loopback));
        }
    }

    @Test
    void givenWhatIsNoSocket_whenAsked_thenThereIsNoAddress() throws IOException {
        try (Fd file = Descriptors.openNull()) {
            assertThat(InheritedSocket.address(file.number())).isEmpty();
        }
        assertThat(InheritedSocket.address(9999)).isEmpty();
    }
}
