package dev.prefork.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;

class NoNewConnectionsTest {
    private static final int SHORT_MILLIS = 200;
    private static final int LONG_MILLIS = 20_000;

    private Fd listener;
    private int port;

    @BeforeEach
    void listen() throws PosixException {
        listener = Sockets.open(StandardProtocolFamily.INET, Sockets.Type.STREAM);
        Sockets.bind(listener.number(), new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Sockets.listen(listener.number(), 10);
        port = ((InetSocketAddress) Sockets.localAddress(listener.number())).getPort();
    }

    @AfterEach
    void close() {
        listener.close();
    }

    private Socket connect(int millis) throws IOException {
        Socket client = new Socket();
        try {
            client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), millis);
            return client;
        } catch (IOException e) {
            client.close();
            throw e;
        }
    }

    @Test
    void givenOneWhoIsConnected_whenAttached_thenHeStaysAndSpeaksAndNobodyElseComes()
            throws IOException {
        try (Socket early = connect(LONG_MILLIS)) {
            NoNewConnections.attach(listener.number());

            assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(() -> connect(SHORT_MILLIS));
            early.getOutputStream().write(1);
            try (Fd accepted = Fd.owning(Sockets.accept(listener.number()))) {
                assertThat(accepted.number()).isPositive();
                assertThat(Sockets.isReadable(accepted.number())).isTrue();
            }
            assertThat(Sockets.accept(listener.number())).isEqualTo(-Errno.EAGAIN);
        }
    }

    @Test
    void givenItIsAttached_whenDetached_thenTheyGetInAgain() throws IOException {
        NoNewConnections.attach(listener.number());

        NoNewConnections.detach(listener.number());

        try (Socket client = connect(LONG_MILLIS)) {
            assertThat(client.isConnected()).isTrue();
        }
    }

    @Test
    void givenNoSocket_thenItSaysSo() {
        assertThatExceptionOfType(PosixException.class)
                .isThrownBy(() -> NoNewConnections.attach(-1));
        assertThatExceptionOfType(PosixException.class)
                .isThrownBy(() -> NoNewConnections.detach(-1));
    }
}
