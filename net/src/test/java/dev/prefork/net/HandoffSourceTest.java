package dev.prefork.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.prefork.posix.DescriptorSocket;
import dev.prefork.posix.Fd;
import dev.prefork.posix.Sockets;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** SPEC A4, D2. */
@ExtendWith(NothingLeft.class)
@SuppressWarnings("try") // closes early what it would close anyway
class HandoffSourceTest {
    private final AtomicInteger closes = new AtomicInteger();
    private final List<Runnable> soon = new ArrayList<>();
    private DescriptorSocket primary;
    private Fd workersEnd;
    private HandoffSource source;

    @BeforeEach
    void makeBothEnds() throws IOException {
        Fd[] ends = Sockets.pair(Sockets.Type.SEQPACKET);
        primary = new DescriptorSocket(ends[0], Handoff.BUFFER_BYTES);
        workersEnd = ends[1].duplicate();
        source =
                new HandoffSource(
                        ends[1], FakeCluster.ANY_PORT, soon::add, closes::incrementAndGet);
    }

    @AfterEach
    void closeBothEnds() {
        source.close();
        workersEnd.close();
        primary.close();
    }

    @Test
    void givenAConnection_whenItIsTaken_thenItIsOpenAndWasAccepted() throws IOException {
        Fd[] connection = Sockets.pair(Sockets.Type.STREAM);
        send(Handoff.CONNECTION, connection[0].number());
        connection[0].close();

        assertThat(Polled.isReadable(source.descriptor())).isTrue();
        try (Fd taken = source.take()) {
            assertThat(answer()).isEqualTo(Handoff.ACCEPTED);
            assertThat(sendsTo(taken, connection[1])).isTrue();
        }
        assertThat(Polled.isReadable(source.descriptor())).isFalse();
        assertThat(source.take()).isNull();
        connection[1].close();
    }

    @Test
    void givenAProbe_whenTheServerAccepts_thenItAnswersAndThereIsNoConnection() throws IOException {
        send(Handoff.PROBE, DescriptorSocket.NO_DESCRIPTOR);

        assertThat(source.take()).isNull();

        assertThat(answer()).isEqualTo(Handoff.READY);
        assertThat(source.isExhausted()).isFalse();
    }

    @Test
    void givenAProbeAndAConnection_whenTheServerAccepts_thenItAnswersBoth() throws IOException {
        send(Handoff.PROBE, DescriptorSocket.NO_DESCRIPTOR);
        sendConnection();

        source.take().close();

        assertThat(answer()).isEqualTo(Handoff.READY);
        assertThat(answer()).isEqualTo(Handoff.ACCEPTED);
    }

    /** SPEC E2. */
    @Test
    void givenNoDescriptorLeft_whenAConnectionComes_thenItGoesBackAndTheNextIsTaken()
            throws Exception {
        // Once before, so that every class is loaded: no file can be opened in between.
        sendConnection();
        source.take().close();
        answer();
        sendConnection();
        sendConnection();
        try (DescriptorLimit limit = new DescriptorLimit()) {
            limit.leaveNone();
            Fd lost = source.take();
            limit.restore();

            assertThat(lost).isNull();
        }
        assertThat(answer()).isEqualTo(Handoff.NOT_ACCEPTED);
        assertThat(answer()).isEqualTo(Handoff.NOT_ACCEPTED);
        sendConnection();
        source.take().close();
        assertThat(answer()).isEqualTo(Handoff.ACCEPTED);
    }

    @Test
    void givenThePrimaryIsGone_whenTheServerAccepts_thenTheSourceIsExhausted() throws IOException {
        primary.close();

        assertThat(source.take()).isNull();
        assertThat(source.isExhausted()).isTrue();
        assertThat(source.take()).isNull();
    }

    @Test
    void givenThePrimaryLeavesAConnectionAndGoes_whenTheServerAccepts_thenItIsTakenFirst()
            throws IOException {
        sendConnection();
        primary.close();

        source.take().close();
        assertThat(source.isExhausted()).isFalse();
        assertThat(source.take()).isNull();
        assertThat(source.isExhausted()).isTrue();
    }

    @Test
    void givenAnUnknownPacket_whenTheServerAccepts_thenTheSourceIsExhausted() {
        send((byte) '?', DescriptorSocket.NO_DESCRIPTOR);

        assertThatThrownBy(source::take).isInstanceOf(IOException.class).hasMessageContaining("63");
        assertThat(source.isExhausted()).isTrue();
    }

    @Test
    void givenAConnectionNobodyTook_whenTheSourceIsClosed_thenThePrimaryCanTakeItBack()
            throws IOException {
        sendConnection();

        source.close();
        source.close();

        assertThat(closes).hasValue(1);
        assertThat(source.take()).isNull();
        try (DescriptorSocket back = new DescriptorSocket(workersEnd, Handoff.BUFFER_BYTES)) {
            assertThat(back.receive()).isEqualTo(1);
            assertThat(back.received().get(0)).isEqualTo(Handoff.CONNECTION);
            back.takeDescriptor().close();
        }
    }

    @Test
    void givenConnectionsThatCloseBetweenTwoOthers_whenTheSecondIsTaken_thenTheyAreToldWithIt()
            throws IOException {
        takeOne();
        takeOne();
        source.connectionClosed();
        source.connectionClosed();

        takeOne();

        assertThat(Handoff.closed(primary.received())).isEqualTo(2);
        while (!soon.isEmpty()) {
            soon.removeFirst().run();
        }
        assertThat(primary.receive()).as("nothing is told twice").isNegative();
    }

    @Test
    void givenManyConnectionsThatClose_whenAMomentHasPassed_thenTheyAreToldInOnePacket()
            throws IOException {
        for (int i = 0; i < 5; i++) {
            takeOne();
        }
        for (int i = 0; i < 5; i++) {
            source.connectionClosed();
        }

        assertThat(soon).as("one task for all").hasSize(1);
        soon.removeFirst().run();

        assertThat(primary.receive()).isEqualTo(5);
        assertThat(primary.received().get(0)).isEqualTo(Handoff.CLOSED);
        assertThat(Handoff.closed(primary.received())).isEqualTo(5);
        source.connectionClosed();
        assertThat(soon).hasSize(1);
    }

    /** It may be stopped for long, while connections close one by one. */
    @Test
    void givenAPrimaryThatReadsNothing_whenTheSocketIsFull_thenAllIsToldAndAnsweredLater()
            throws IOException {
        int closes = 0;
        for (boolean full = false; !full; closes++) {
            source.connectionClosed();
            soon.removeFirst().run();
            full = !soon.isEmpty();
        }
        sendConnection();
        source.take().close();

        int told = 0;
        int acceptances = 0;
        while (!soon.isEmpty()) {
            while (primary.receive() > 0) {
                told += Handoff.closed(primary.received());
                acceptances += primary.received().get(0) == Handoff.ACCEPTED ? 1 : 0;
            }
            soon.removeFirst().run();
        }
        while (primary.receive() > 0) {
            told += Handoff.closed(primary.received());
            acceptances += primary.received().get(0) == Handoff.ACCEPTED ? 1 : 0;
        }

        assertThat(told).isEqualTo(closes);
        assertThat(acceptances).isEqualTo(1);
    }

    private void takeOne() throws IOException {
        sendConnection();
        source.take().close();
        assertThat(primary.receive()).isPositive();
        assertThat(primary.received().get(0)).isEqualTo(Handoff.ACCEPTED);
    }

    private void sendConnection() throws IOException {
        Fd[] connection = Sockets.pair(Sockets.Type.STREAM);
        send(Handoff.CONNECTION, connection[0].number());
        connection[0].close();
        connection[1].close();
    }

    private void send(byte packet, int descriptor) {
        assertThat(primary.send(new byte[] {packet}, 0, 1, descriptor)).isEqualTo(1);
    }

    private byte answer() {
        assertThat(primary.receive()).isEqualTo(1);
        return primary.received().get(0);
    }

    private static boolean sendsTo(Fd from, Fd to) throws IOException {
        try (DescriptorSocket sender = new DescriptorSocket(from.duplicate(), 1)) {
            sender.send(new byte[] {1}, 0, 1, DescriptorSocket.NO_DESCRIPTOR);
        }
        return Polled.isReadable(to.number());
    }
}
