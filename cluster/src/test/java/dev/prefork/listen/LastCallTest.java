package dev.prefork.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.prefork.SchedulingPolicy;
import dev.prefork.listen.FakeWorker.Manner;
import dev.prefork.posix.Fd;
import dev.prefork.posix.NothingLeft;
import dev.prefork.wire.Grant;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The order of the end (SPEC F5): nobody new, who is connected is served, workers leave. */
@ExtendWith(NothingLeft.class)
@Timeout(60)
class LastCallTest {
    @TempDir private Path folder;
    private final List<Room.Member> told = new CopyOnWriteArrayList<>();
    private Room room;
    private int port;

    @BeforeEach
    void open() throws Exception {
        room = new Room(SchedulingPolicy.ROUND_ROBIN);
    }

    @AfterEach
    void close() throws Exception {
        room.close();
    }

    private Room.Member listening(SlotListeners slot) throws Exception {
        Room.Member member = room.join(slot);
        Grant grant = member.worker().manner(Manner.HOLDS).mustListen(Room.tcp(0, true));
        port = grant.sockname().orElseThrow().getPort();
        return member;
    }

    private Room.Member listening() throws Exception {
        return listening(new SlotListeners(false));
    }

    private void leaves(Room.Member member) throws Exception {
        room.onLoop(all -> all.leaveShared(member.filler(), () -> told.add(member)));
    }

    private void timePasses() throws Exception {
        room.passes(LastCall.HANDSHAKES_MAY_TAKE.multipliedBy(2));
    }

    private void awaitTold(Room.Member... members) {
        await().untilAsserted(() -> assertThat(told).containsExactlyInAnyOrder(members));
    }

    /** The next arrival; it is taken. */
    private Arrival taken() throws Exception {
        Arrival arrival = room.arrival();
        try (Fd _ = arrival.connection()) {
            arrival.reply().say(true);
            return arrival;
        }
    }

    private void assertRefused() {
        assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> room.connect(port));
    }

    @Test
    void givenAConnectionThatWaits_whenAllLeave_thenItIsServedBeforeAnyIsTold() throws Exception {
        Room.Member first = listening();
        Room.Member second = listening();
        for (int i = 0; i < 3; i++) {
            room.connect(port);
        }
        Arrival one = room.arrival();
        Arrival two = room.arrival();

        room.onLoop(ListenHandles::takeNoMore);
        leaves(first);
        leaves(second);
        timePasses();
        assertThat(told).isEmpty();
        one.reply().say(true);
        two.reply().say(true);
        taken();

        awaitTold(first, second);
        assertRefused();
        one.connection().close();
        two.connection().close();
    }

    @Test
    void givenNobodyNewIsTaken_whenAClientConnects_thenItIsRefusedInTheEnd() throws Exception {
        Room.Member only = listening();
        room.connect(port);
        Arrival held = room.arrival();

        leaves(only);
        Thread late = Thread.ofPlatform().start(this::assertRefused);
        timePasses();
        held.reply().say(true);

        awaitTold(only);
        late.join();
        assertThat(room.hasArrivals()).isFalse();
        held.connection().close();
    }

    @Test
    void givenAnotherOneWhoListens_whenOneLeaves_thenItIsToldAtOnceAndTheOtherServesOn()
            throws Exception {
        Room.Member first = listening();
        Room.Member second = listening();

        leaves(first);

        assertThat(told).containsExactly(first);
        room.connect(port);
        assertThat(taken().worker()).isEqualTo(second.worker());
    }

    @Test
    void givenAPromisedSuccessor_whenAllAreToLeave_thenTheAddressStaysOpen() throws Exception {
        SlotListeners slot = new SlotListeners(true);
        Room.Member only = listening(slot);

        room.onLoop(ListenHandles::takeNoMore);
        leaves(only);
        assertThat(told).containsExactly(only);
        room.connect(port);
        Room.Member next = listening(slot);

        assertThat(taken().worker()).isEqualTo(next.worker());
        room.onLoop(all -> all.close(slot));
    }

    @Test
    void givenOneThatWaitsToLeave_whenAnotherOneListens_thenItServesOnAndTheFirstLeaves()
            throws Exception {
        Room.Member old = listening();
        room.connect(port);
        Arrival held = room.arrival();
        leaves(old);

        Room.Member next = listening();

        awaitTold(old);
        room.connect(port);
        assertThat(taken().worker()).isEqualTo(next.worker());
        held.reply().say(true);
        held.connection().close();
    }

    /** Its time is over, as that of one that is stopped. */
    @Test
    void givenOneThatTakesNothing_whenItGetsASignalInstead_thenItIsNotToldAsWell()
            throws Exception {
        Room.Member only = listening();
        room.connect(port);
        Arrival held = room.arrival();
        leaves(only);
        timePasses();
        assertThat(told).isEmpty();

        room.onLoop(all -> all.forget(only.filler()));
        held.reply().say(true);
        timePasses();

        assertThat(told).isEmpty();
        held.connection().close();
    }

    @Test
    void givenOneThatWaitsToLeave_whenItDies_thenItIsNotTold() throws Exception {
        Room.Member only = listening();
        room.connect(port);
        Arrival held = room.arrival();
        leaves(only);

        room.leave(only);

        assertThat(told).isEmpty();
        assertThat(room.isEmpty()).isTrue();
        held.connection().close();
    }

    @Test
    void givenAUnixSocket_whenItsWorkerLeaves_thenWhoIsConnectedIsServedAndNobodyElseConnects()
            throws Exception {
        Path path = folder.resolve("s");
        Room.Member only = room.join();
        only.worker().manner(Manner.HOLDS).mustListen(Room.unix(path.toString()));
        try (SocketChannel _ = connect(path);
                SocketChannel _ = connect(path)) {
            Arrival held = room.arrival();

            leaves(only);
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> connect(path));
            held.reply().say(true);
            held.connection().close();
            taken();
            timePasses();

            awaitTold(only);
        }
    }

    @Test
    void givenAUnixSocketThatTakesNobody_whenAnotherOneListens_thenItIsOpenedAnew()
            throws Exception {
        Path path = folder.resolve("s");
        Room.Member old = room.join();
        old.worker().mustListen(Room.unix(path.toString()));
        leaves(old);

        Room.Member next = room.join();
        next.worker().mustListen(Room.unix(path.toString()));

        awaitTold(old);
        try (SocketChannel _ = connect(path)) {
            assertThat(taken().worker()).isEqualTo(next.worker());
        }
    }

    private static SocketChannel connect(Path path) throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(path));
    }
}
