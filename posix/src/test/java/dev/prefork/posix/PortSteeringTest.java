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
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.util.ArrayList;
import java.util.List;

/** Connections go to those of the sockets on one port that they are steered to. */
class PortSteeringTest {
    private static final int SOCKETS = 3;
    private static final int BACKLOG = 1000;

    private final List<Fd> sockets = new ArrayList<>();
    private SocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @BeforeEach
    void listen() throws PosixException {
        for (int i = 0; i < SOCKETS; i++) {
            Fd socket = Sockets.open(StandardProtocolFamily.INET, Sockets.Type.STREAM);
            sockets.add(socket);
            Sockets.setOption(socket.number(), Sockets.Option.REUSE_PORT, 1);
            Sockets.bind(socket.number(), address);
            Sockets.listen(socket.number(), BACKLOG);
            address = Sockets.localAddress(socket.number());
        }
    }

    @AfterEach
    void close() {
        sockets.forEach(Fd::close);
    }

    private void steer(int... numbers) throws PosixException {
        PortSteering.attach(sockets.getFirst().number(), numbers);
    }

    /** Of so many new connections, how many each of the sockets has got. */
    private List<Integer> spreadOf(int connections) throws IOException {
        for (int i = 0; i < connections; i++) {
            try (Socket client = new Socket()) {
                client.connect(address);
            }
        }
        List<Integer> spread = new ArrayList<>();
        for (Fd socket : sockets) {
            int count = 0;
            for (int got = accept(socket); got >= 0; got = accept(socket)) {
                Fd.owning(got).close();
                count++;
            }
            spread.add(count);
        }
        return spread;
    }

    private static int accept(Fd socket) {
        return Sockets.accept(socket.number());
    }

    @Test
    void givenOneOfThem_thenItGetsAll() throws IOException {
        steer(1);

        assertThat(spreadOf(50)).containsExactly(0, 50, 0);
    }

    @Test
    void givenTwoOfThem_thenTheyGetAllAndAboutAsMany() throws IOException {
        steer(0, 2);

        List<Integer> spread = spreadOf(400);

        assertThat(spread.get(1)).isZero();
        // Nine standard deviations.
        assertThat(spread.get(0)).isBetween(110, 290);
        assertThat(spread.get(0) + spread.get(2)).isEqualTo(400);
    }

    @Test
    void givenAll_thenEachGetsAboutAThird() throws IOException {
        steer(0, 1, 2);

        assertThat(spreadOf(600)).allMatch(count -> count > 100 && count < 300);
    }

    @Test
    void givenItIsChanged_thenTheLastCounts() throws IOException {
        steer(0);
        steer(2);

        assertThat(spreadOf(20)).containsExactly(0, 0, 20);
    }

    @Test
    void givenASocketOfNoGroup_thenItSaysSo() throws PosixException {
        try (Fd alone = Sockets.open(StandardProtocolFamily.INET, Sockets.Type.STREAM)) {
            assertThatExceptionOfType(PosixException.class)
                    .isThrownBy(() -> PortSteering.attach(alone.number(), 0));
        }
        assertThatExceptionOfType(PosixException.class)
                .isThrownBy(() -> PortSteering.attach(-1, 0));
    }
}
