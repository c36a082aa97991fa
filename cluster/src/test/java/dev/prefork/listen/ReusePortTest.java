package dev.prefork.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.prefork.SchedulingPolicy;
import dev.prefork.posix.Errno;
import dev.prefork.posix.FailingKernel;
import dev.prefork.posix.Fd;
import dev.prefork.posix.NothingLeft;
import dev.prefork.wire.Grant;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A listening socket for each slot (SPEC D4), and who gets what nobody there accepts (D2). */
@ExtendWith(NothingLeft.class)
@Timeout(60)
class ReusePortTest {
    private static final int MANY = 64;

    private Room room;

    @BeforeEach
    void open() throws Exception {
        room = new Room(SchedulingPolicy.REUSE_PORT);
    }

    @AfterEach
    void close() throws Exception {
        room.close();
    }

    /** All listen on the same address, as workers of one program do; its port. */
    private static int listenAll(Room room, List<Room.Member> members) throws Exception {
        int port = 0;
        for (Room.Member member : members) {
            Grant granted = member.worker().mustListen(Room.tcp(0, true));
            port = granted.sockname().orElseThrow().getPort();
            // It has answered that it has the listening socket; this may be read after what it says
            // on its channel.
            room.settled(member);
            room.turn();
        }
        return port;
    }

    private int listenAll(List<Room.Member> members) throws Exception {
        return listenAll(room, members);
    }

    private void connectMany(int port) throws Exception {
        for (int i = 0; i < MANY; i++) {
            room.connect(port);
        }
    }

    /** So many connections, by who has got them. */
    private Map<FakeWorker, Integer> servers(int connections) throws Exception {
        Map<FakeWorker, Integer> servers = new HashMap<>();
        for (int i = 0; i < connections; i++) {
            Arrival next = room.arrival();
            try (Fd _ = next.connection()) {
                servers.merge(next.worker(), 1, Integer::sum);
            }
        }
        return servers;
    }

    @Test
    void givenThreeWorkers_whenManyConnect_thenEachGetsSome() throws Exception {
        List<Room.Member> members = List.of(room.join(), room.join(), room.join());
        int port = listenAll(members);

        connectMany(port);

        assertThat(servers(MANY))
                .containsOnlyKeys(members.stream().map(Room.Member::worker).toList());
    }

    @Test
    void givenAWorker_thenItIsGrantedTheListenerAndAHandoff() throws Exception {
        Room.Member member = room.join();

        assertThat(member.worker().mustListen(Room.tcp(0, true)).way())
                .isEqualTo(Grant.Way.STEERED);
    }

    /** As Node's workers. */
    @Test
    void givenAWorkerThatKnowsNoHandoff_thenItSharesTheListenerOfItsSlot() throws Exception {
        Room.Member ours = room.join();
        int port = listenAll(List.of(ours));
        Room.Member theirs = room.join();

        assertThat(theirs.worker().mustListen(Room.tcp(0, false)).way())
                .isEqualTo(Grant.Way.SHARED);
        room.settled(theirs);
        room.leave(theirs);

        connectMany(port);
        assertThat(servers(MANY)).containsOnlyKeys(ours.worker());
    }

    @Test
    void givenAWorkerThatLeft_whenManyConnect_thenTheOtherGetsAll() throws Exception {
        Room.Member first = room.join();
        Room.Member second = room.join();
        int port = listenAll(List.of(first, second));

        room.leave(first);
        connectMany(port);

        assertThat(servers(MANY)).containsOnlyKeys(second.worker());
    }

    /** Those that have been put into its queue before anybody noticed. */
    @Test
    void givenAWorkerThatAcceptsNothing_whenManyConnect_thenTheOtherGetsAllAndLaterBothDo()
            throws Exception {
        Room.Member first = room.join();
        Room.Member second = room.join();
        int port = listenAll(List.of(first, second));
        first.worker().stall();

        connectMany(port);
        room.turn();
        // A look that finds somebody waiting, and one that finds no answer.
        room.passes(Duration.ofMillis(150));
        room.passes(Duration.ofMillis(300));
        assertThat(servers(MANY)).containsOnlyKeys(second.worker());
        connectMany(port);
        assertThat(servers(MANY)).containsOnlyKeys(second.worker());

        first.worker().resume();
        // Its answer on the hand-off may be behind the first one on its channel, at both ends.
        room.settled(first);
        room.settled(first);
        room.turn();
        connectMany(port);
        assertThat(servers(MANY)).containsOnlyKeys(first.worker(), second.worker());
    }

    @Test
    void givenTheOnlyWorkerThatAcceptsNothing_whenSomeConnect_thenTheyWaitForIt() throws Exception {
        Room.Member only = room.join();
        int port = listenAll(List.of(only));
        only.worker().stall();
        SocketChannel client = room.connect(port);

        room.passes(Duration.ofSeconds(1));
        room.passes(Duration.ofSeconds(1));
        assertThat(room.hasArrivals()).isFalse();
        only.worker().resume();

        assertThat(room.servedBy(client)).isSameAs(only.worker());
    }

    @Test
    void givenAllOfAPromisedSlotDied_whenSomeConnect_thenTheyWaitForTheSuccessor()
            throws Exception {
        SlotListeners slot = new SlotListeners(true);
        Room.Member before = room.join(slot);
        int port = listenAll(List.of(before));
        room.leave(before);
        SocketChannel client = room.connect(port);
        room.turn();
        assertThat(room.hasArrivals()).isFalse();

        Room.Member after = room.join(slot);
        after.worker().mustListen(Room.tcp(0, true));

        assertThat(room.servedBy(client)).isSameAs(after.worker());
        room.onLoop(all -> all.close(slot));
    }

    @Test
    void givenTwoPromisedSlots_whenOneWorkerDies_thenThoseInItsQueueReachTheOther()
            throws Exception {
        SlotListeners slot = new SlotListeners(true);
        Room.Member first = room.join(slot);
        Room.Member second = room.join();
        int port = listenAll(List.of(first, second));
        first.worker().stall();
        connectMany(port);

        first.worker().resume();
        first.worker().manner(FakeWorker.Manner.HOLDS);
        room.leave(first);

        List<FakeWorker> servers = new ArrayList<>(servers(MANY).keySet());
        assertThat(servers).contains(second.worker());
        connectMany(port);
        assertThat(servers(MANY)).containsOnlyKeys(second.worker());
        room.onLoop(all -> all.close(slot));
    }

    /** Workers of no slot come and go, and sockets cannot be closed. */
    @Test
    void givenWorkersThatComeAndGo_thenTheirSocketsAreUsedAgain() throws Exception {
        Room.Member stays = room.join();
        int port = listenAll(List.of(stays));
        List<Integer> descriptors = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Room.Member guest = room.join();
            listenAll(List.of(guest));
            descriptors.add(NothingLeft.descriptors().size());
            room.leave(guest);
        }

        assertThat(descriptors).containsOnly(descriptors.getFirst());
        connectMany(port);
        assertThat(servers(MANY)).containsOnlyKeys(stays.worker());
    }

    @Test
    void givenSomebodyElsesPort_whenAWorkerListens_thenItIsInUse() throws Exception {
        Room.Member member = room.join();
        try (Room other = new Room(SchedulingPolicy.REUSE_PORT)) {
            int port = listenAll(other, List.of(other.join()));

            assertThat(member.worker().listen(Room.tcp(port, true)).errno())
                    .isEqualTo(Errno.EADDRINUSE);
        }
    }

    /** As of Node's workers: they have one queue, from which these here take nothing. */
    @Test
    void givenWorkersThatKnowNoHandoff_whenAllAreGone_thenThoseInTheirQueueReachTheOther()
            throws Exception {
        Room.Member ours = room.join();
        int port = listenAll(List.of(ours));
        List<Room.Member> theirs = List.of(room.join(), room.join());
        for (Room.Member member : theirs) {
            member.worker().mustListen(Room.tcp(0, false));
        }
        connectMany(port);
        room.leave(theirs.getFirst());
        room.passes(Duration.ofSeconds(1));

        room.leave(theirs.getLast());

        assertThat(servers(MANY)).containsOnlyKeys(ours.worker());
    }

    @Test
    void givenNobodyWhoCanBeHandedAnything_whenOneLeaves_thenThoseInTheQueueStayThere()
            throws Exception {
        List<Room.Member> theirs = List.of(room.join(), room.join());
        int port = 0;
        for (Room.Member member : theirs) {
            port = listenWithoutHandoff(member);
        }
        connectMany(port);
        room.leave(theirs.getFirst());
        room.passes(Duration.ofSeconds(1));

        Room.Member ours = room.join();
        listenAll(List.of(ours));
        room.leave(theirs.getLast());

        assertThat(servers(MANY)).containsOnlyKeys(ours.worker());
    }

    /** Its grant has no address, as the socket knows it: another one's has. */
    private int listenWithoutHandoff(Room.Member member) throws Exception {
        member.worker().mustListen(Room.tcp(0, false));
        Room.Member asks = room.join();
        int port = listenAll(List.of(asks));
        room.leave(asks);
        return port;
    }

    /** What was handed to it is under way: it is taken back, though its slot is served. */
    @Test
    void givenTwoFillersOfASlot_whenTheOlderIsStopped_thenWhatItWasHandedReachesTheNewer()
            throws Exception {
        SlotListeners slot = new SlotListeners(true);
        Room.Member older = room.join(slot);
        Room.Member newer = room.join(slot);
        Room.Member other = room.join();
        int port = listenAll(List.of(older, newer, other));
        other.worker().stall();
        older.worker().stall();
        connectMany(port);

        for (int i = 0; i < 5; i++) {
            room.passes(Duration.ofMillis(300));
        }

        assertThat(servers(MANY)).containsOnlyKeys(newer.worker());
        other.worker().resume();
        older.worker().resume();
        room.onLoop(all -> all.close(slot));
    }

    @Test
    void givenAWorkerThatIsStopped_whenAllAreToLeave_thenTheOtherDoesNotWaitForIt()
            throws Exception {
        Room.Member stopped = room.join();
        Room.Member other = room.join();
        int port = listenAll(List.of(stopped, other));
        stopped.worker().stall();
        connectMany(port);
        room.passes(Duration.ofMillis(150));
        room.passes(Duration.ofMillis(300));
        servers(MANY);
        CompletableFuture<Void> told = new CompletableFuture<>();

        room.onLoop(
                all -> {
                    all.takeNoMore();
                    all.leaveShared(other.filler(), () -> told.complete(null));
                });
        room.passes(LastCall.HANDSHAKES_MAY_TAKE);
        room.turn();

        assertThat(told).succeedsWithin(Duration.ofSeconds(5));
    }

    @Test
    void givenThatAllAreToLeave_whenAWorkerComesLate_thenNobodyNewGetsInByItsSocket()
            throws Exception {
        Room.Member first = room.join();
        int port = listenAll(List.of(first));
        SlotListeners slot = new SlotListeners(true);
        Room.Member late = room.join(slot);
        room.onLoop(
                all -> {
                    all.close(slot);
                    all.takeNoMore();
                });

        listenAll(List.of(late));

        try (Socket client = new Socket()) {
            InetSocketAddress address =
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            assertThatThrownBy(() -> client.connect(address, 300))
                    .isInstanceOf(SocketTimeoutException.class);
        }
    }

    /** They come where nobody is, and are handed on. */
    @Test
    void givenThatNothingCanBeSteered_whenAWorkerIsGone_thenTheOtherGetsAllTheSame()
            throws Exception {
        Room.Member first = room.join();
        Room.Member second = room.join();
        int port = listenAll(List.of(first, second));
        try (FailingKernel kernel = FailingKernel.of(room.thread())) {
            kernel.failAlso("setsockopt", Errno.ENOMEM);
            room.leave(first);

            connectMany(port);

            assertThat(servers(MANY)).containsOnlyKeys(second.worker());
            assertThat(kernel.calls()).contains("setsockopt");
        }
    }

    /** It breaks the protocol, and costs nobody anything. */
    @Test
    void givenAWorkerThatEndsItsHandoff_whenManyConnect_thenAllAreServed() throws Exception {
        Room.Member first = room.join();
        Room.Member second = room.join();
        int port = listenAll(List.of(first, second));
        first.worker().endHandoffs();
        room.settledAll();

        connectMany(port);
        room.passes(Duration.ofMillis(150));
        room.passes(Duration.ofMillis(300));

        assertThat(servers(MANY)).containsKey(second.worker());
    }
}
