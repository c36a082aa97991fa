package dev.prefork.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.prefork.posix.DescriptorSocket;
import dev.prefork.posix.Fd;
import dev.prefork.posix.PosixException;
import dev.prefork.posix.Sockets;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** SPEC D2, D4: a listening socket of the slot's own, and what others leave. */
@ExtendWith(NothingLeft.class)
class SteeredSourceTest {
    private final AtomicInteger closes = new AtomicInteger();
    private final List<SocketChannel> clients = new ArrayList<>();
    private DescriptorSocket primary;
    private Fd workersEnd;
    private Fd listener;
    private SocketAddress address;

    @BeforeEach
    void listen() throws IOException {
        Fd[] ends = Sockets.pair(Sockets.Type.SEQPACKET);
        primary = new DescriptorSocket(ends[0], Handoff.BUFFER_BYTES);
        workersEnd = ends[1];
        listener = Sockets.open(StandardProtocolFamily.INET, Sockets.Type.STREAM);
        Sockets.bind(listener.number(), FakeCluster.ANY_PORT);
        Sockets.listen(listener.number(), 100);
        address = Sockets.localAddress(listener.number());
    }

    @AfterEach
    void close() throws IOException {
        for (SocketChannel client : clients) {
            client.close();
        }
        listener.close();
        primary.close();
    }

    private SteeredSource open() throws IOException {
        send(Handoff.LISTENER, listener.number());
        return SteeredSource.open(workersEnd, address, _ -> {}, closes::incrementAndGet);
    }

    private void send(byte packet, int descriptor) {
        assertThat(primary.send(new byte[] {packet}, 0, 1, descriptor)).isEqualTo(1);
    }

    private byte answer() {
        assertThat(primary.receive()).isEqualTo(1);
        return primary.received().get(0);
    }

    private void handOver() throws IOException {
        Fd[] connection = Sockets.pair(Sockets.Type.STREAM);
        send(Handoff.CONNECTION, connection[0].number());
        connection[0].close();
        connection[1].close();
    }

    private void connect() throws IOException {
        clients.add(SocketChannel.open(address));
    }

    @Test
    void givenTheListener_whenOpened_thenThePrimaryHearsOfItAndBothAreWatched() throws IOException {
        try (SteeredSource source = open()) {
            assertThat(answer()).isEqualTo(Handoff.READY);
            assertThat(source.descriptors()).hasSize(2).doesNotHaveDuplicates();
            assertThat(source.listenerDescriptor()).contains(source.descriptor());
            assertThat(source.take()).isNull();
        }
        assertThat(closes).hasValue(1);
    }

    @Test
    void givenConnectionsOfBothKinds_whenTaken_thenNoneWaitsForEver() throws IOException {
        try (SteeredSource source = open()) {
            answer();
            for (int i = 0; i < 40; i++) {
                connect();
            }
            handOver();

            int taken = 0;
            int untilHandedOver = -1;
            for (Fd next = source.take(); next != null; next = source.take()) {
                taken++;
                if (untilHandedOver < 0 && primary.receive() > 0) {
                    untilHandedOver = taken;
                }
                next.close();
            }

            assertThat(taken).isEqualTo(41);
            assertThat(untilHandedOver).isBetween(1, 20);
        }
    }

    @Test
    void givenAPrimaryThatIsGone_whenTaken_thenItIsExhausted() throws IOException {
        try (SteeredSource source = open()) {
            primary.close();

            assertThat(source.take()).isNull();
            assertThat(source.isExhausted()).isTrue();
        }
    }

    @Test
    void givenNoListener_whenOpened_thenItSaysSoAndTheEndIsClosed() {
        assertThatThrownBy(
                        () ->
                                SteeredSource.open(
                                        workersEnd, address, _ -> {}, closes::incrementAndGet))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("no listening socket has come");
        assertThat(workersEnd.isOpen()).isFalse();
        assertThat(closes).hasValue(0);
    }

    /** SPEC E2. */
    @Test
    void givenNoDescriptorLeft_whenOpened_thenThatIsWhatItSays() throws Exception {
        try (SteeredSource source = open()) {
            assertThat(source.take()).isNull();
        }
        Fd[] ends = Sockets.pair(Sockets.Type.SEQPACKET);
        try (DescriptorSocket other = new DescriptorSocket(ends[0], Handoff.BUFFER_BYTES);
                DescriptorLimit limit = new DescriptorLimit()) {
            other.send(new byte[] {Handoff.LISTENER}, 0, 1, listener.number());
            limit.leaveNone();
            assertThatThrownBy(() -> SteeredSource.open(ends[1], address, _ -> {}, closes::get))
                    .isInstanceOf(PosixException.class)
                    .hasMessageContaining("EMFILE");
        }
    }

    /** The primary hears that there is no room, and of more than one that there is. */
    @Test
    void givenNoDescriptorLeft_whenTaken_thenThePrimaryIsToldOfWhatItHandedOver() throws Exception {
        try (SteeredSource source = open();
                DescriptorLimit limit = new DescriptorLimit()) {
            answer();
            // Once before, so that every class is loaded: no file can be opened in between.
            handOver();
            source.take().close();
            assertThat(answer()).isEqualTo(Handoff.ACCEPTED);
            handOver();
            limit.leaveNone();

            assertThatThrownBy(source::take).isInstanceOf(PosixException.class);

            limit.restore();
            assertThat(answer()).isEqualTo(Handoff.NOT_ACCEPTED);
        }
    }
}
