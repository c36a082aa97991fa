package dev.prefork.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/** Connections and datagrams go to those of the sockets on one port that they are steered to. */
class PortSteeringTest {
    private static final int SOCKETS = 3;
    private static final int BACKLOG = 1000;
    private static final int SENDERS = 60;

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

    /** Datagrams, by who sends them. */
    @ParameterizedTest
    @CsvSource({"INET, 127.0.0.1", "INET6, ::1", "INET6, 127.0.0.1"})
    void givenSenders_thenEachReachesTheSocketThatItsShareGoesTo(
            StandardProtocolFamily family, String host) throws IOException {
        bindForDatagrams(family, host);
        List<DatagramChannel> senders = new ArrayList<>();
        try {
            for (int i = 0; i < SENDERS; i++) {
                senders.add(DatagramChannel.open());
            }
            steerBySource(share -> share % SOCKETS);
            List<Integer> before = receiversOf(senders);
            assertThat(receiversOf(senders)).isEqualTo(before);
            assertThat(before).contains(0, 1, 2);

            steerBySource(share -> share % SOCKETS == 1 ? share % 2 * 2 : share % SOCKETS);
            List<Integer> without = receiversOf(senders);

            for (int i = 0; i < SENDERS; i++) {
                if (before.get(i) == 1) {
                    assertThat(without.get(i)).isIn(0, 2);
                } else {
                    assertThat(without.get(i)).isEqualTo(before.get(i));
                }
            }
            steerBySource(_ -> 1);
            assertThat(receiversOf(senders)).containsOnly(1);
        } finally {
            for (DatagramChannel sender : senders) {
                sender.close();
            }
        }
    }

    @Test
    void givenTooFewShares_thenItIsRefused() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> PortSteering.attachBySource(-1, 0, 1));
    }

    private void bindForDatagrams(StandardProtocolFamily family, String host)
            throws PosixException {
        close();
        sockets.clear();
        InetAddress to = InetAddress.ofLiteral(host);
        InetAddress all =
                InetAddress.ofLiteral(family == StandardProtocolFamily.INET ? "0.0.0.0" : "::");
        int port = 0;
        for (int i = 0; i < SOCKETS; i++) {
            Fd socket = Sockets.open(family, Sockets.Type.DATAGRAM);
            sockets.add(socket);
            Sockets.setOption(socket.number(), Sockets.Option.REUSE_PORT, 1);
            Sockets.bind(socket.number(), new InetSocketAddress(all, port));
            port = ((InetSocketAddress) Sockets.localAddress(socket.number())).getPort();
        }
        address = new InetSocketAddress(to, port);
    }

    private void steerBySource(IntUnaryOperator numberOfShare) throws PosixException {
        PortSteering.attachBySource(
                sockets.getFirst().number(),
                IntStream.range(0, PortSteering.SHARES).map(numberOfShare).toArray());
    }

    /** The number of the socket that each reaches. */
    private List<Integer> receiversOf(List<DatagramChannel> senders) throws IOException {
        List<Integer> receivers = new ArrayList<>();
        for (DatagramChannel sender : senders) {
            sender.send(ByteBuffer.allocate(1), address);
            // On loopback it is in a queue when the call returns.
            List<Integer> readable = new ArrayList<>();
            for (int i = 0; i < SOCKETS; i++) {
                if (Sockets.isReadable(sockets.get(i).number())) {
                    readable.add(i);
                }
            }
            assertThat(readable).hasSize(1);
            receivers.add(readable.getFirst());
            assertThat(Descriptors.readByte(sockets.get(readable.getFirst()).number())).isTrue();
        }
        return receivers;
    }
}
