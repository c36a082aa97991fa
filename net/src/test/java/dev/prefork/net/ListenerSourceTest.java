package dev.prefork.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.prefork.posix.Errno;
import dev.prefork.posix.Fd;
import dev.prefork.posix.PosixException;
import dev.prefork.posix.Sockets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicInteger;

/** SPEC A5. */
@ExtendWith(NothingLeft.class)
@SuppressWarnings("try") // closes early what it would close anyway
class ListenerSourceTest {
    private final AtomicInteger closes = new AtomicInteger();

    @Test
    void givenAClient_whenAConnectionIsTaken_thenItIsTheClients() throws IOException {
        try (ListenerSource source = source(listener());
                SocketChannel client = SocketChannel.open(source.localAddress())) {
            Polled.awaitReadable(source.descriptor());

            try (Fd connection = source.take()) {
                assertThat(Sockets.remoteAddress(connection.number()))
                        .isEqualTo(client.getLocalAddress());
            }
        }
    }

    @Test
    void givenNoClient_whenAConnectionIsTaken_thenThereIsNoneNow() throws IOException {
        try (ListenerSource source = source(listener())) {
            assertThat(source.take()).isNull();
            assertThat(source.isExhausted()).isFalse();
            assertThat(Polled.isReadable(source.descriptor())).isFalse();
        }
    }

    @Test
    void givenASharedListener_whenTheOtherProcessWasFaster_thenThereIsNoneNow() throws IOException {
        Fd listener = listener();
        try (ListenerSource other = source(listener.duplicate());
                ListenerSource source = source(listener);
                SocketChannel client = SocketChannel.open(source.localAddress())) {
            Polled.awaitReadable(source.descriptor());
            Fd connection = other.take();

            assertThat(source.take()).isNull();
            connection.close();
            assertThat(client.isConnected()).isTrue();
        }
    }

    @Test
    void givenASocketThatDoesNotListen_whenAConnectionIsTaken_thenTheErrorNamesTheCall()
            throws IOException {
        Fd socket = Sockets.open(StandardProtocolFamily.INET, Sockets.Type.STREAM);
        try (ListenerSource source = source(socket)) {
            assertThatThrownBy(source::take)
                    .isInstanceOfSatisfying(
                            PosixException.class,
                            e -> assertThat(e.errno()).isEqualTo(Errno.EINVAL))
                    .hasMessageStartingWith("accept4(fd " + source.descriptor() + ")");
        }
    }

    @Test
    void givenAClosedSource_whenItIsUsedAgain_thenItGivesNothingAndToldOnce() throws IOException {
        ListenerSource source = source(listener());
        try (SocketChannel client = SocketChannel.open(source.localAddress())) {
            source.close();
            source.close();

            assertThat(source.take()).isNull();
            assertThat(closes).hasValue(1);
            assertThat(client.isConnected()).isTrue();
        }
    }

    private ListenerSource source(Fd listener) throws IOException {
        return ListenerSource.owning(
                listener, Sockets.localAddress(listener.number()), closes::incrementAndGet);
    }

    private static Fd listener() throws IOException {
        Fd listener = Sockets.open(StandardProtocolFamily.INET, Sockets.Type.STREAM);
        Sockets.bind(listener.number(), FakeCluster.ANY_PORT);
        Sockets.listen(listener.number(), 50);
        return listener;
    }
}
