package dev.prefork.listen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.SchedulingPolicy;
import dev.prefork.listen.FakeWorker.Manner;
import dev.prefork.posix.FailingKernel;
import dev.prefork.posix.Fd;
import dev.prefork.posix.NothingLeft;
import dev.prefork.wire.Grant;
import dev.prefork.wire.QueryServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Who gets the next connection (SPEC A4, D2), by either lane. */
@ExtendWith(NothingLeft.class)
@Timeout(60)
class RoundRobinTest {
    private Room room;

    @BeforeEach
    void open() throws Exception {
        room = new Room(SchedulingPolicy.ROUND_ROBIN);
    }

    @AfterEach
    void close() throws Exception {
        room.close();
    }

    @ParameterizedTest(name = "handoff={0}")
    @ValueSource(booleans = {true, false})
    void givenThreeFreeWorkers_whenSixClientsConnect_thenTheyAreServedInTurn(boolean handoff)
            throws Exception {
        List<Room.Member> members = List.of(room.join(), room.join(), room.join());
        int port = listen(members, handoff);

        List<FakeWorker> servers = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            servers.add(room.servedBy(room.connect(port)));
            room.settled(members.get(i % 3));
        }

        List<FakeWorker> inTurn = members.stream().map(Room.Member::worker).toList();
        assertThat(servers.subList(0, 3)).isEqualTo(inTurn);
        assertThat(servers.subList(3, 6)).isEqualTo(inTurn);
    }

    @ParameterizedTest(name = "handoff={0}")
    @ValueSource(booleans = {true, false})
    void givenBusyWorkers_whenMoreClientsConnect_thenTheyWaitAndAreServedInTheirOrder(
            boolean handoff) throws Exception {
        List<Room.Member> members = List.of(room.join(), room.join());
        members.forEach(member -> member.worker().manner(Manner.HOLDS));
        int port = listen(members, handoff);
        Arrival first = arrivalOf(room.connect(port));
        Arrival second = arrivalOf(room.connect(port));

        List<SocketChannel> waiting =
                List.of(room.connect(port), room.connect(port), room.connect(port));
        room.turn();
        boolean early = room.hasArrivals();
        second.reply().say(true);
        Arrival third = arrivalOf(waiting.get(0));
        first.reply().say(true);
        Arrival fourth = arrivalOf(waiting.get(1));
        fourth.reply().say(true);
        Arrival fifth = arrivalOf(waiting.get(2));

        assertThat(early).as("one that is busy gets no second").isFalse();
        assertThat(third.worker()).isSameAs(second.worker());
        assertThat(fourth.worker()).isSameAs(first.worker());
        assertThat(fifth.worker()).isSameAs(fourth.worker());
    }

    @Test
    void givenRoomForOneHandoff_whenTwoWorkersListen_thenTheOtherIsServedByItsChannel()
            throws Exception {
        try (Room small = new Room(SchedulingPolicy.ROUND_ROBIN, new HandoffRoom(1))) {
            Room.Member first = small.join();
            Room.Member second = small.join();
            Grant.Way ofFirst = first.worker().mustListen(Room.tcp(0, true)).way();
            Grant granted = second.worker().mustListen(Room.tcp(0, true));
            int port = granted.sockname().orElseThrow().getPort();

            List<FakeWorker> servers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                servers.add(small.servedBy(small.connect(port)));
            }

            assertThat(ofFirst).isEqualTo(Grant.Way.HANDOFF);
            assertThat(granted.way()).isNotEqualTo(Grant.Way.HANDOFF);
            assertThat(servers).containsExactlyInAnyOrder(first.worker(), second.worker());
        }
    }

    @Test
    void givenAWorkerThatReadsNothing_whenAClientConnects_thenAnotherServesItAndLaterBothDo()
            throws Exception {
        List<Room.Member> members = List.of(room.join(), room.join());
        int port = listen(members, true);
        FakeWorker stalled = members.get(0).worker();
        stalled.stall();
        SocketChannel client = room.connect(port);
        room.turn();
        boolean early = room.hasArrivals();

        room.passes(Duration.ofSeconds(1));
        FakeWorker server = room.servedBy(client);
        stalled.resume();
        // It has answered the probe before it asks anything.
        room.settled(members.get(0));

        assertThat(early).as("nobody has waited long enough").isFalse();
        assertThat(server).isSameAs(members.get(1).worker());
        room.settled(members.get(1));
        FakeWorker third = room.servedBy(room.connect(port));
        FakeWorker fourth = room.servedBy(room.connect(port));
        assertThat(List.of(third, fourth)).containsExactlyInAnyOrder(stalled, server);
    }

    /** Others get their turn, whatever one of them says. */
    @Test
    void givenAWorkerThatSaysMuchInARow_whenTheLoopReadsIt_thenItReadsAFewInATurn()
            throws Exception {
        Room.Member member = room.join();
        listen(List.of(member), true);
        CountDownLatch said = new CountDownLatch(1);
        try (FailingKernel kernel = FailingKernel.of(room.thread())) {
            room.loop().execute(() -> awaitQuietly(said));
            kernel.fail(0, 0);
            member.worker().sayOnHandoffs((byte) 99, 100);
            said.countDown();
            room.settled(member);

            List<String> calls = kernel.calls();
            assertThat(calls.stream().filter("recvmsg"::equals)).hasSizeGreaterThan(16);
            // Not all hundred: a turn has sixteen of the lane, and what the channel says.
            assertThat(longestRun(calls)).isLessThan(40);
        }
    }

    /** The most that was received between two waits of the loop. */
    private static int longestRun(List<String> calls) {
        int longest = 0;
        int run = 0;
        for (String call : calls) {
            run = call.equals("epoll_pwait") ? 0 : run + (call.equals("recvmsg") ? 1 : 0);
            longest = Math.max(longest, run);
        }
        return longest;
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A socket at its end is readable for ever: it must not keep the loop busy. */
    @Test
    void givenAWorkerThatSaysNothingMore_whenClientsConnect_thenTheOtherServesThem()
            throws Exception {
        List<Room.Member> members = List.of(room.join(), room.join());
        int port = listen(members, true);
        members.get(0).worker().endHandoffs();
        room.settled(members.get(0));

        for (int i = 0; i < 4; i++) {
            SocketChannel client = room.connect(port);
            room.passes(Duration.ofSeconds(1));
            assertThat(room.servedBy(client)).isSameAs(members.get(1).worker());
            room.settled(members.get(1));
        }
        try (FailingKernel kernel = FailingKernel.of(room.thread())) {
            kernel.fail(0, 0);
            for (int i = 0; i < 20; i++) {
                room.turn();
            }
            // The last acknowledgement may be among them; a socket at its end would be in each.
            assertThat(kernel.calls().stream().filter("recvmsg"::equals)).hasSizeLessThan(5);
        }
    }

    @ParameterizedTest(name = "handoff={0}")
    @ValueSource(booleans = {true, false})
    void givenAWorkerThatRefuses_whenAClientConnects_thenAnotherServesIt(boolean handoff)
            throws Exception {
        List<Room.Member> members = List.of(room.join(), room.join());
        int port = listen(members, handoff);
        members.get(0).worker().manner(Manner.REFUSES);

        SocketChannel client = room.connect(port);
        FakeWorker first = room.servedBy(client);
        FakeWorker second = room.servedBy(client);

        assertThat(first).isSameAs(members.get(0).worker());
        assertThat(second).isSameAs(members.get(1).worker());
    }

    @ParameterizedTest(name = "handoff={0}")
    @ValueSource(booleans = {true, false})
    void givenOnlyAWorkerThatRefuses_whenItTakesAgain_thenTheClientIsServedAfterThePause(
            boolean handoff) throws Exception {
        List<Room.Member> members = List.of(room.join());
        int port = listen(members, handoff);
        members.get(0).worker().manner(Manner.REFUSES);

        SocketChannel client = room.connect(port);
        room.servedBy(client);
        members.get(0).worker().manner(Manner.TAKES);
        FakeWorker again = room.servedBy(client);

        assertThat(again).isSameAs(members.get(0).worker());
    }

    private Arrival arrivalOf(SocketChannel client) throws Exception {
        Arrival next = room.arrival();
        try (Fd _ = next.connection()) {
            assertThat(next.client()).isEqualTo(Room.portOf(client));
        }
        return next;
    }

    private static int listen(List<Room.Member> members, boolean handoff) throws Exception {
        QueryServer query = Room.tcp(0, handoff);
        int port = 0;
        for (Room.Member member : members) {
            port = member.worker().mustListen(query).sockname().orElseThrow().getPort();
        }
        return port;
    }
}
