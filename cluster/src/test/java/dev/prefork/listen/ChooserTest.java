package dev.prefork.listen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.SchedulingPolicy;
import dev.prefork.listen.FakeWorker.Manner;
import dev.prefork.posix.Fd;
import dev.prefork.posix.NothingLeft;
import dev.prefork.wire.QueryServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** Who of several gets a connection: by what is open, not by who is quick (SPEC A4). */
@ExtendWith(NothingLeft.class)
@Timeout(60)
class ChooserTest {
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

    private Room.Member listens() throws Exception {
        Room.Member member = room.join();
        QueryServer query = Room.tcp(0, true);
        port = member.worker().mustListen(query).sockname().orElseThrow().getPort();
        return member;
    }

    @Test
    void givenAWorkerWithMoreOpenConnections_whenClientsConnect_thenTheOtherGetsThem()
            throws Exception {
        Room.Member old = listens();
        assertThat(served(4)).containsOnly(old.worker());
        Room.Member fresh = listens();

        assertThat(served(4)).containsOnly(fresh.worker());
        assertThat(served(4))
                .containsExactlyInAnyOrder(
                        old.worker(), old.worker(), fresh.worker(), fresh.worker());
    }

    @Test
    void givenWorkersWithAsManyEach_whenOneClosesSome_thenItGetsAsManyMore() throws Exception {
        Room.Member one = listens();
        Room.Member other = listens();
        served(6);

        one.worker().sayClosed(2);
        room.turn();

        assertThat(served(2)).containsOnly(one.worker());
        assertThat(served(2)).containsExactlyInAnyOrder(one.worker(), other.worker());
    }

    @Test
    void givenABusyWorkerWithFewer_whenClientsConnect_thenTheyWaitForIt() throws Exception {
        Room.Member quick = listens();
        Room.Member slow = listens();
        slow.worker().manner(Manner.HOLDS);
        assertThat(next(quick)).isSameAs(quick.worker());
        Arrival held = arrivalOf(room.connect(port));
        assertThat(next(quick)).isSameAs(quick.worker());

        SocketChannel waiting = room.connect(port);
        room.turn();
        boolean early = room.hasArrivals();
        slow.worker().manner(Manner.TAKES);
        held.reply().say(true);

        assertThat(early).as("the quick one has more already").isFalse();
        assertThat(room.servedBy(waiting)).isSameAs(slow.worker());
    }

    @Test
    void givenABusyWorkerThatDoesNotAnswer_whenTimePasses_thenTheOtherServesWhoWaits()
            throws Exception {
        Room.Member quick = listens();
        Room.Member stopped = listens();
        stopped.worker().manner(Manner.HOLDS);
        next(quick);
        arrivalOf(room.connect(port));
        next(quick);
        SocketChannel waiting = room.connect(port);
        room.turn();

        room.passes(Chooser.PATIENCE.plusMillis(1));

        assertThat(room.servedBy(waiting)).isSameAs(quick.worker());
        assertThat(next(quick)).as("nor does the next one wait").isSameAs(quick.worker());
    }

    /** Each time it answers, and is waited for anew: somebody would wait for ever. */
    @Test
    void givenABusyWorkerThatIsSlow_whenConnectionsAreHeldBackForLong_thenItIsPassedOver()
            throws Exception {
        Room.Member quick = listens();
        served(20);
        Room.Member slow = listens();
        slow.worker().manner(Manner.HOLDS);
        Arrival held = arrivalOf(room.connect(port));
        for (int i = 0; i < 30; i++) {
            room.connect(port);
        }
        room.turn();
        boolean early = room.hasArrivals();

        List<FakeWorker> servers = new ArrayList<>();
        while (!servers.contains(quick.worker())) {
            room.passes(Chooser.PATIENCE.dividedBy(10));
            if (!room.hasArrivals()) {
                held.reply().say(true);
            }
            Arrival next = room.arrival();
            next.connection().close();
            servers.add(next.worker());
            held = next.worker() == slow.worker() ? next : held;
            // The next one is held back by now.
            room.turn();
        }

        assertThat(early).isFalse();
        assertThat(servers).hasSizeLessThan(13);
        slow.worker().manner(Manner.TAKES);
        held.reply().say(true);
    }

    @Test
    void givenABusyWorkerWithFewer_whenVeryManyClientsConnect_thenTheyDoNotWaitForIt()
            throws Exception {
        listens();
        served(3);
        Room.Member slow = listens();
        slow.worker().manner(Manner.HOLDS);
        arrivalOf(room.connect(port));

        for (int i = 0; i <= Chooser.MOST_HELD_BACK; i++) {
            room.connect(port);
        }

        for (int i = 0; i <= Chooser.MOST_HELD_BACK; i++) {
            try (Fd _ = room.arrival().connection()) {
                room.turn();
            }
        }
    }

    /** Another's numbers are no reason to give it none, or to fail. */
    @ParameterizedTest
    @ValueSource(ints = {1000, Integer.MAX_VALUE, -1, Integer.MIN_VALUE})
    void givenAWorkerThatSaysWhatCannotBe_whenClientsConnect_thenAllAreServed(int closed)
            throws Exception {
        Room.Member liar = listens();
        Room.Member honest = listens();
        served(4);

        liar.worker().sayClosed(closed);
        room.turn();
        List<FakeWorker> servers = served(4);

        assertThat(servers).contains(liar.worker());
        if (closed > 0) {
            assertThat(servers).as("it had two open").containsOnlyOnce(honest.worker());
        }
    }

    /** Nobody knows how many Node's workers have open. */
    @Test
    void givenAWorkerThatDoesNotTell_whenClientsConnect_thenAllAreServedInTurn() throws Exception {
        Room.Member tells = listens();
        served(3);
        Room.Member node = room.join();
        node.worker().mustListen(Room.tcp(0, false));

        assertThat(served(4))
                .containsExactly(node.worker(), tells.worker(), node.worker(), tells.worker());
    }

    private FakeWorker next(Room.Member server) throws Exception {
        FakeWorker served = room.servedBy(room.connect(port));
        room.settled(server);
        return served;
    }

    /** The workers of so many connections, one after the other. */
    private List<FakeWorker> served(int count) throws Exception {
        List<FakeWorker> servers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            servers.add(room.servedBy(room.connect(port)));
            room.settledAll();
        }
        return servers;
    }

    private Arrival arrivalOf(SocketChannel client) throws Exception {
        Arrival next = room.arrival();
        try (Fd _ = next.connection()) {
            assertThat(next.client()).isEqualTo(Room.portOf(client));
        }
        return next;
    }
}
