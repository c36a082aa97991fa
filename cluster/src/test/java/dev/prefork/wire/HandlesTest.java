package dev.prefork.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.prefork.SendOptions;
import dev.prefork.ipc.Handle;
import dev.prefork.posix.DescriptorLimit;
import dev.prefork.posix.NothingLeft;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Map;

/** What becomes of a socket that is sent, and of its copy where it cannot be (SPEC C3). */
@ExtendWith(NothingLeft.class)
class HandlesTest {
    private static final InetSocketAddress ANY =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private static Handle toSend(NetworkChannel socket) {
        return Handles.toSend("m", socket, SendOptions.DEFAULT);
    }

    @Test
    void givenAConnectionThatASelectorHas_whenSent_thenItIsRefusedAndNobodyHasACopy()
            throws Exception {
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(ANY);
                SocketChannel client = SocketChannel.open(server.getLocalAddress());
                SocketChannel accepted = server.accept();
                Selector selector = Selector.open()) {
            client.configureBlocking(false);
            client.register(selector, SelectionKey.OP_READ);
            var before = NothingLeft.descriptors();

            assertThatIllegalArgumentException().isThrownBy(() -> toSend(client));

            assertThat(NothingLeft.descriptors()).isEqualTo(before);
            assertThat(client.isOpen()).isTrue();
            assertThat(accepted.isOpen()).isTrue();
        }
    }

    @Test
    void givenAMessageThatNobodyWouldHear_whenSent_thenItCostsNoConnection() throws Exception {
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(ANY);
                SocketChannel client = SocketChannel.open(server.getLocalAddress())) {
            Map<String, String> message = Map.of("cmd", "NODE_BACKUP");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Handles.toSend(message, client, SendOptions.DEFAULT))
                    .withMessageContaining("cmd=NODE_BACKUP");

            assertThat(client.isOpen()).isTrue();
        }
    }

    @Test
    void givenRoomForNDescriptors_whenSent_thenItIsRefusedUntilThereAreEnough() throws Exception {
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(ANY);
                DatagramChannel datagrams = DatagramChannel.open().bind(ANY);
                DescriptorLimit limit = new DescriptorLimit()) {
            for (NetworkChannel socket : new NetworkChannel[] {server, datagrams}) {
                toSend(socket).fd().close();
                var before = NothingLeft.descriptors();

                limit.leave(0);
                assertThatExceptionOfType(UncheckedIOException.class)
                        .isThrownBy(() -> toSend(socket));
                limit.restore();

                assertThat(NothingLeft.descriptors()).isEqualTo(before);
                limit.leave(1);
                toSend(socket).fd().close();
                limit.restore();
            }
        }
    }
}
