package dev.prefork.listen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.ListenerStats;
import dev.prefork.SchedulingPolicy;
import dev.prefork.WorkerStats;
import dev.prefork.posix.Fd;
import dev.prefork.posix.NothingLeft;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** What is counted of connections, on their way. */
@ExtendWith(NothingLeft.class)
@Timeout(60)
class CountsTest {
    private Room room;

    @AfterEach
    void close() {
        room.close();
    }

    private List<ListenerStats> listeners() throws Exception {
        List<ListenerStats> all = new ArrayList<>();
        room.onLoop(handles -> all.addAll(handles.stats()));
        return all;
    }

    private List<WorkerStats.Connections> of(Room.Member member) throws Exception {
        List<WorkerStats.Connections> all = new ArrayList<>();
        room.onLoop(handles -> all.addAll(handles.statsOf(member.filler())));
        return all;
    }

    private int listen(Room.Member member) throws Exception {
        return member.worker().mustListen(Room.tcp(0, true)).sockname().orElseThrow().getPort();
    }

    @Test
    void givenAWorkerThatTakesAndOneThatRefuses_whenSomeConnect_thenEachHasItsCounts()
            throws Exception {
        room = new Room(SchedulingPolicy.ROUND_ROBIN);
        assertThat(listeners()).isEmpty();
        Room.Member takes = room.join();
        int port = listen(takes);
        Room.Member refuses = room.join();
        assertThat(listen(refuses)).isEqualTo(port);
        refuses.worker().manner(FakeWorker.Manner.REFUSES);

        room.connect(port);
        room.connect(port);
        room.arrival().connection().close();
        room.arrival().connection().close();
        room.arrival().connection().close();
        room.settledAll();
        room.turn();

        ListenerStats listener = listeners().getFirst();
        assertThat(listener.address().port()).isEqualTo(port);
        assertThat(listener.workers()).isEqualTo(2);
        assertThat(listener.accepted()).isEqualTo(OptionalLong.of(2));
        assertThat(listener.queued()).isZero();
        assertThat(of(takes))
                .containsExactly(
                        new WorkerStats.Connections(
                                listener.address(), 2, 2, 0, OptionalInt.of(2)));
        assertThat(of(refuses))
                .containsExactly(
                        new WorkerStats.Connections(
                                listener.address(), 1, 0, 1, OptionalInt.of(0)));
    }

    @Test
    void givenNobodyWhoAnswers_whenSeveralConnect_thenTheyAreQueued() throws Exception {
        room = new Room(SchedulingPolicy.ROUND_ROBIN);
        Room.Member holds = room.join();
        int port = listen(holds);
        holds.worker().manner(FakeWorker.Manner.HOLDS);

        room.connect(port);
        room.connect(port);
        room.connect(port);
        Arrival held = room.arrival();
        room.turn();

        assertThat(listeners().getFirst().queued()).isEqualTo(2);
        assertThat(of(holds).getFirst().handedOver()).isEqualTo(1);
        assertThat(of(holds).getFirst().accepted()).isZero();
        holds.worker().manner(FakeWorker.Manner.TAKES);
        try (Fd _ = held.connection()) {
            held.reply().say(true);
        }
        for (int i = 0; i < 2; i++) {
            room.arrival().connection().close();
        }
    }

    @Test
    void givenWorkersThatAcceptThemselves_whenAsked_thenNobodyHasCounted() throws Exception {
        room = new Room(SchedulingPolicy.NONE);
        Room.Member member = room.join();
        member.worker().mustListen(Room.tcp(0, true));

        assertThat(listeners().getFirst().accepted()).isEmpty();
        assertThat(of(member).getFirst().handedOver()).isZero();
        assertThat(of(member).getFirst().open()).isEmpty();
    }
}
