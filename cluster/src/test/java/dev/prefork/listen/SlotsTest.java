package dev.prefork.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.prefork.AddressType;
import dev.prefork.SchedulingPolicy;
import dev.prefork.posix.NothingLeft;
import dev.prefork.wire.Grant;
import dev.prefork.wire.ListenAddress;
import dev.prefork.wire.QueryServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import java.net.ConnectException;
import java.nio.channels.SocketChannel;
import java.util.Optional;

/** What stays open when a slot's worker goes, and for how long (SPEC F4). */
@ExtendWith(NothingLeft.class)
@Timeout(60)
class SlotsTest {
    private static final QueryServer ONE = query(0);
    private static final QueryServer TWO = query(1);

    private final SlotListeners slot = new SlotListeners(true);
    private Room room;

    @BeforeEach
    void open() throws Exception {
        room = new Room(SchedulingPolicy.ROUND_ROBIN);
    }

    @AfterEach
    void close() throws Exception {
        room.onLoop(handles -> handles.close(slot));
        room.close();
    }

    private static QueryServer query(int index) {
        return Room.query(
                ListenAddress.of(Optional.of("127.0.0.1"), 0, AddressType.TCP4), index, true);
    }

    private static int port(Grant grant) {
        return grant.sockname().orElseThrow().getPort();
    }

    private void assertRefused(int port) {
        assertThatThrownBy(() -> room.connect(port)).isInstanceOf(ConnectException.class);
    }

    /** By a signal, or a hook: the servers close before the channel does. */
    @Test
    void givenAPromise_whenTheWorkerClosesItsServersAtItsEnd_thenClientsWaitForTheNextOne()
            throws Exception {
        Room.Member first = room.join(slot);
        Grant grant = first.worker().mustListen(ONE);
        first.worker().closeServerAtItsEnd(grant.key());
        room.settled(first);

        SocketChannel client = room.connect(port(grant));
        room.leave(first);
        Room.Member next = room.join(slot);
        next.worker().mustListen(ONE);

        assertThat(room.servedBy(client)).isSameAs(next.worker());
    }

    @Test
    void givenAPromise_whenTheWorkerLeaves_thenClientsWaitForTheNextOne() throws Exception {
        Room.Member first = room.join(slot);
        int port = port(first.worker().mustListen(ONE));
        room.channelCloses(first);

        SocketChannel client = room.connect(port);
        Room.Member next = room.join(slot);
        Grant grant = next.worker().mustListen(ONE);

        assertThat(port(grant)).isEqualTo(port);
        assertThat(room.servedBy(client)).isSameAs(next.worker());
    }

    @Test
    void givenNoPromise_whenTheWorkerLeaves_thenThePortCloses() throws Exception {
        Room.Member only = room.join();
        int port = port(only.worker().mustListen(ONE));

        room.channelCloses(only);

        assertThat(room.isEmpty()).isTrue();
        assertRefused(port);
    }

    @Test
    void givenANewWorkerWithOneOfTwoPorts_whenItsSlotSettles_thenTheOtherCloses() throws Exception {
        Room.Member first = room.join(slot);
        int kept = port(first.worker().mustListen(ONE));
        int dropped = port(first.worker().mustListen(TWO));
        room.channelCloses(first);
        Room.Member next = room.join(slot);
        next.worker().mustListen(ONE);

        room.onLoop(handles -> handles.settle(slot));

        assertRefused(dropped);
        assertThat(room.servedBy(room.connect(kept))).isSameAs(next.worker());
    }

    @Test
    void givenAKeptPort_whenTheSlotIsClosed_thenItCloses() throws Exception {
        Room.Member first = room.join(slot);
        int port = port(first.worker().mustListen(ONE));
        room.channelCloses(first);

        room.onLoop(handles -> handles.close(slot));

        assertThat(room.isEmpty()).isTrue();
        assertRefused(port);
    }

    @Test
    void givenAClosedSlot_whenItsWorkerLeaves_thenNothingIsKept() throws Exception {
        Room.Member last = room.join(slot);
        last.worker().mustListen(ONE);
        room.onLoop(handles -> handles.close(slot));
        boolean early = room.isEmpty();

        room.channelCloses(last);

        assertThat(early).isFalse();
        assertThat(room.isEmpty()).isTrue();
    }

    @Test
    void givenAPromise_whenTheApplicationClosesItsServer_thenThePortCloses() throws Exception {
        Room.Member member = room.join(slot);
        Grant grant = member.worker().mustListen(ONE);

        member.worker().closeServer(grant.key());
        room.settled(member);

        assertThat(room.isEmpty()).isTrue();
        assertRefused(port(grant));
    }

    /** A reload: the new one serves before the old one goes. */
    @Test
    void givenTwoWorkersOfOneSlot_whenTheOldOneLeaves_thenTheNewOneAloneDecides() throws Exception {
        Room.Member old = room.join(slot);
        Room.Member next = room.join(slot);
        old.worker().mustListen(ONE);
        Grant grant = next.worker().mustListen(ONE);

        room.channelCloses(old);
        FakeWorker server = room.servedBy(room.connect(port(grant)));
        next.worker().closeServer(grant.key());
        room.settled(next);

        assertThat(server).isSameAs(next.worker());
        assertThat(room.isEmpty()).as("closed by the only one that listened").isTrue();
    }

    @Test
    void givenTwoWorkersOfOneSlot_whenBothDie_thenThePortIsKept() throws Exception {
        Room.Member old = room.join(slot);
        Room.Member next = room.join(slot);
        old.worker().mustListen(ONE);
        int port = port(next.worker().mustListen(ONE));

        room.channelCloses(old);
        room.channelCloses(next);
        SocketChannel client = room.connect(port);

        Room.Member third = room.join(slot);
        third.worker().mustListen(ONE);
        assertThat(room.servedBy(client)).isSameAs(third.worker());
    }

    @Test
    void givenAPortKeptForTwoSlots_whenOneSettles_thenItStaysForTheOther() throws Exception {
        SlotListeners other = new SlotListeners(true);
        Room.Member one = room.join(slot);
        Room.Member two = room.join(other);
        one.worker().mustListen(ONE);
        two.worker().mustListen(ONE);
        room.channelCloses(one);
        room.channelCloses(two);

        room.onLoop(handles -> handles.settle(slot));
        boolean early = room.isEmpty();
        room.onLoop(handles -> handles.settle(other));

        assertThat(early).isFalse();
        assertThat(room.isEmpty()).isTrue();
    }
}
