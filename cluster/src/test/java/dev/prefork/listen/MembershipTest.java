package dev.prefork.listen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.SchedulingPolicy;
import dev.prefork.posix.Errno;
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

import java.util.Map;

/** Who has a part in an address, and what is left when nobody has. */
@ExtendWith(NothingLeft.class)
@Timeout(60)
class MembershipTest {
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
    void givenAWorker_whenItListensAndClosesAThousandTimes_thenNothingIsLeft(boolean handoff)
            throws Exception {
        Room.Member member = room.join();
        member.worker().mustListen(Room.tcp(0, handoff));
        member.worker().closeServer(Room.tcp(0, handoff).key());
        room.settled(member);
        int before = NothingLeft.descriptors().size();

        for (int i = 0; i < 1000; i++) {
            Grant grant = member.worker().mustListen(Room.tcp(0, handoff));
            member.worker().closeServer(grant.key());
        }
        room.settled(member);

        assertThat(room.isEmpty()).isTrue();
        assertThat(NothingLeft.descriptors()).hasSize(before);
    }

    @ParameterizedTest(name = "handoff={0}")
    @ValueSource(booleans = {true, false})
    void givenAWorkerThatListens_whenItListensOnTheSameAgain_thenThatIsRefusedAndTheFirstGoesOn(
            boolean handoff) throws Exception {
        Room.Member member = room.join();
        Grant first = member.worker().mustListen(Room.tcp(0, handoff));

        Grant second = member.worker().listen(Room.tcp(0, handoff));

        assertThat(second.errno()).isEqualTo(Errno.EADDRINUSE);
        var client = room.connect(first.sockname().orElseThrow().getPort());
        assertThat(room.servedBy(client)).isSameAs(member.worker());
    }

    @Test
    void givenTwoWorkersWithData_whenBothListen_thenBothHaveThatOfTheFirst() throws Exception {
        QueryServer first = withData(Map.of("ticketKeys", "one"));
        QueryServer second = withData(Map.of("ticketKeys", "two"));

        Grant one = room.join().worker().mustListen(first);
        Grant two = room.join().worker().mustListen(second);

        assertThat(one.data()).isEqualTo(first.data());
        assertThat(two.data()).isEqualTo(first.data());
    }

    private static QueryServer withData(Object data) {
        QueryServer plain = Room.tcp(0, true);
        return new QueryServer(plain.address(), plain.index(), plain.wishes(), data, true);
    }

    @Test
    void givenTwoWorkers_whenTheLastOfThemCloses_thenThePortIsFree() throws Exception {
        Room.Member one = room.join();
        Room.Member two = room.join();
        String key = one.worker().mustListen(Room.tcp(0, true)).key();
        two.worker().mustListen(Room.tcp(0, true));

        one.worker().closeServer(key);
        room.settled(one);
        boolean early = room.isEmpty();
        two.worker().closeServer(key);
        room.settled(two);

        assertThat(early).isFalse();
        assertThat(room.isEmpty()).isTrue();
    }

    @Test
    void givenAWorkerThatListensOnNothing_whenItClosesAKey_thenNothingHappens() throws Exception {
        Room.Member one = room.join();
        Room.Member stranger = room.join();
        String key = one.worker().mustListen(Room.tcp(0, true)).key();

        stranger.worker().closeServer(key);
        stranger.worker().closeServer("no key");
        room.settled(stranger);

        assertThat(room.isEmpty()).isFalse();
    }
}
