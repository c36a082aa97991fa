package dev.prefork.listen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.SchedulingPolicy;
import dev.prefork.listen.FakeWorker.Manner;
import dev.prefork.posix.NothingLeft;
import dev.prefork.wire.QueryServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** A connection that a worker has and has not acknowledged when it goes (SPEC D2). */
@ExtendWith(NothingLeft.class)
@Timeout(60)
class UnderWayTest {
    private Room room;
    private Room.Member leaver;
    private Room.Member other;
    private SocketChannel client;
    private Arrival held;
    private String key;

    @BeforeEach
    void open() throws Exception {
        room = new Room(SchedulingPolicy.ROUND_ROBIN);
        leaver = room.join();
        other = room.join();
    }

    @AfterEach
    void close() throws Exception {
        room.close();
    }

    /** The leaver has the client's connection, and has not said so. */
    private void give(boolean handoff) throws Exception {
        leaver.worker().manner(Manner.HOLDS);
        QueryServer query = Room.tcp(0, handoff);
        leaver.worker().mustListen(query);
        var grant = other.worker().mustListen(query);
        key = grant.key();
        client = room.connect(grant.sockname().orElseThrow().getPort());
        held = room.arrival();
        assertThat(held.worker()).isSameAs(leaver.worker());
        held.connection().close();
    }

    private boolean isReturned() throws Exception {
        room.turn();
        room.settled(other);
        return room.hasArrivals();
    }

    @Test
    void givenAHandoff_whenTheChannelClosesAndThenTheProcessEnds_thenItReturnsWithTheSecond()
            throws Exception {
        give(true);

        room.channelCloses(leaver);
        boolean early = isReturned();
        room.onLoop(handles -> handles.processEnded(leaver.filler()));

        assertThat(early).as("returned while the process may take it").isFalse();
        assertThat(room.servedBy(client)).isSameAs(other.worker());
    }

    /** The process was a script that has started the one at the other end. */
    @ParameterizedTest(name = "handoff={0}")
    @ValueSource(booleans = {true, false})
    void givenAConnection_whenTheProcessEndsAndLaterTheChannelCloses_thenItReturnsWithTheSecond(
            boolean handoff) throws Exception {
        give(handoff);

        room.onLoop(handles -> handles.processEnded(leaver.filler()));
        boolean early = isReturned();
        room.channelCloses(leaver);

        assertThat(early).as("returned while the channel is open").isFalse();
        assertThat(room.servedBy(client)).isSameAs(other.worker());
    }

    @Test
    void givenAConnectionInTheChannel_whenTheChannelCloses_thenItReturnsAtOnce() throws Exception {
        give(false);

        room.channelCloses(leaver);
        FakeWorker server = room.servedBy(client);

        assertThat(server).isSameAs(other.worker());
    }

    @ParameterizedTest(name = "handoff={0}")
    @ValueSource(booleans = {true, false})
    void givenAnAcknowledgementAfterTheClose_whenTheWorkerEnds_thenNothingReturns(boolean handoff)
            throws Exception {
        give(handoff);
        leaver.worker().closeServer(key);
        room.settled(leaver);
        held.reply().say(true);
        room.settled(leaver);

        room.channelCloses(leaver);
        room.onLoop(handles -> handles.processEnded(leaver.filler()));

        assertThat(isReturned()).isFalse();
    }

    @ParameterizedTest(name = "handoff={0}")
    @ValueSource(booleans = {true, false})
    void
            givenItsServerClosedAndOpenedAndClosedAgain_whenTheFirstConnectionIsRefused_thenItIsNotLost(
                    boolean handoff) throws Exception {
        give(handoff);
        leaver.worker().closeServer(key);
        leaver.worker().mustListen(Room.tcp(0, handoff));
        leaver.worker().closeServer(key);
        room.settled(leaver);

        held.reply().say(false);
        FakeWorker server = room.servedBy(client);

        assertThat(server).isSameAs(other.worker());
    }

    /** It was never read: the kernel's queue still has it. */
    @Test
    void givenAHandoffThatWasNotRead_whenTheWorkerIsToldToLeave_thenItGoesToAnotherAtOnce()
            throws Exception {
        QueryServer query = Room.tcp(0, true);
        leaver.worker().mustListen(query);
        var grant = other.worker().mustListen(query);
        leaver.worker().stall();
        client = room.connect(grant.sockname().orElseThrow().getPort());
        room.turn();

        room.onLoop(handles -> handles.leaveShared(leaver.filler(), () -> {}));
        FakeWorker server = room.servedBy(client);

        assertThat(server).isSameAs(other.worker());
    }

    @Test
    void givenTheLastWorker_whenItsConnectionReturnsAfterTheAddressIsClosed_thenItIsClosed()
            throws Exception {
        give(false);
        other.worker().closeServer(key);
        room.settled(other);

        room.channelCloses(leaver);

        assertThat(room.isEmpty()).isTrue();
        assertThat(client.read(ByteBuffer.allocate(1))).isEqualTo(-1);
    }
}
