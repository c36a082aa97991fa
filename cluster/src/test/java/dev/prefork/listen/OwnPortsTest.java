package dev.prefork.listen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.AddressType;
import dev.prefork.SchedulingPolicy;
import dev.prefork.posix.Errno;
import dev.prefork.posix.NothingLeft;
import dev.prefork.wire.Grant;
import dev.prefork.wire.ListenAddress;
import dev.prefork.wire.QueryServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.channels.SocketChannel;
import java.util.Optional;

/** A port that is one slot's: its workers have it one after the other (SPEC F3). */
@ExtendWith(NothingLeft.class)
@Timeout(60)
class OwnPortsTest {
    private final SlotListeners slot = new SlotListeners(true);
    private Room room;

    private void open(SchedulingPolicy policy) throws Exception {
        room = new Room(policy);
    }

    @AfterEach
    void close() throws Exception {
        room.onLoop(handles -> handles.close(slot));
        room.close();
    }

    private static QueryServer own(int port) {
        return new QueryServer(
                ListenAddress.of(Optional.of("127.0.0.1"), port, AddressType.TCP4),
                0,
                QueryServer.Wishes.NONE,
                null,
                true,
                true);
    }

    private static int port(Grant grant) {
        return grant.sockname().orElseThrow().getPort();
    }

    @ParameterizedTest
    @EnumSource(SchedulingPolicy.class)
    void givenTwoWorkersOfASlot_whenClientsCome_thenTheNewestHasThemAll(SchedulingPolicy policy)
            throws Exception {
        open(policy);
        Room.Member old = room.join(slot);
        int port = port(old.worker().mustListen(own(0)));
        assertThat(room.servedBy(room.connect(port))).isSameAs(old.worker());
        Room.Member next = room.join(slot);
        next.worker().mustListen(own(0));

        for (int i = 0; i < 5; i++) {
            assertThat(room.servedBy(room.connect(port))).isSameAs(next.worker());
        }
        room.channelCloses(next);
        assertThat(room.servedBy(room.connect(port))).as("back").isSameAs(old.worker());
    }

    @ParameterizedTest
    @EnumSource(SchedulingPolicy.class)
    void givenNobodyInTheSlot_whenAClientComes_thenItWaitsForTheNextOne(SchedulingPolicy policy)
            throws Exception {
        open(policy);
        Room.Member first = room.join(slot);
        int port = port(first.worker().mustListen(own(0)));
        room.channelCloses(first);

        SocketChannel client = room.connect(port);
        Room.Member next = room.join(slot);
        next.worker().mustListen(own(0));

        assertThat(room.servedBy(client)).isSameAs(next.worker());
    }

    @ParameterizedTest
    @EnumSource(SchedulingPolicy.class)
    void givenAnotherSlot_whenItsWorkerWantsTheSame_thenItIsInUse(SchedulingPolicy policy)
            throws Exception {
        open(policy);
        Room.Member one = room.join(slot);
        int port = port(one.worker().mustListen(own(0)));
        Room.Member other = room.join(new SlotListeners(false));

        assertThat(other.worker().listen(own(0)).errno()).isEqualTo(Errno.EADDRINUSE);
        assertThat(other.worker().listen(own(port)).errno()).isEqualTo(Errno.EADDRINUSE);
        assertThat(other.worker().listen(Room.tcp(port, true)).errno())
                .as("nor is it shared")
                .isEqualTo(Errno.EADDRINUSE);
    }

    @ParameterizedTest
    @EnumSource(SchedulingPolicy.class)
    void givenAWorkerThatIsToldToLeave_whenAClientComes_thenItHasItsOwnUntilTheEnd(
            SchedulingPolicy policy) throws Exception {
        open(policy);
        Room.Member leaver = room.join(slot);
        int port = port(leaver.worker().mustListen(own(0)));

        room.onLoop(handles -> handles.close(slot));
        room.onLoop(handles -> handles.leaveShared(leaver.filler(), () -> {}));

        assertThat(room.servedBy(room.connect(port))).isSameAs(leaver.worker());
    }
}
