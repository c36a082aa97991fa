package dev.prefork.listen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.AcceptShortage;
import dev.prefork.AcceptShortage.Where;
import dev.prefork.AddressType;
import dev.prefork.SchedulingPolicy;
import dev.prefork.posix.DescriptorLimit;
import dev.prefork.posix.Errno;
import dev.prefork.posix.FailingKernel;
import dev.prefork.posix.Fd;
import dev.prefork.posix.NothingLeft;
import dev.prefork.wire.Grant;
import dev.prefork.wire.ListenAddress;
import dev.prefork.wire.QueryServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A primary whose n-th system call fails: the worker is answered, or its channel is closed; nothing
 * stays open, and the next one gets what it asks for (SPEC E2).
 */
@ExtendWith(NothingLeft.class)
@Timeout(120)
class ListenScarcityTest {
    /** More than any of these takes. */
    private static final int MANY = 60;

    @TempDir Path folder;

    @ParameterizedTest
    @EnumSource(SchedulingPolicy.class)
    void givenTheNthCallFails_whenAWorkerListens_thenItIsAnsweredAndTheNextOneListens(
            SchedulingPolicy policy) throws Exception {
        ListenAddress path =
                ListenAddress.of(Optional.of(folder.resolve("s").toString()), -1, AddressType.UNIX);
        ListenAddress datagrams = ListenAddress.of(Optional.of("127.0.0.1"), 0, AddressType.UDP4);

        try (Room room = new Room(policy)) {
            for (boolean handoff : List.of(true, false)) {
                walk(room, Room.tcp(0, handoff));
                walk(room, Room.query(path, 0, handoff));
                walk(room, Room.query(datagrams, 0, handoff));
            }
        }
    }

    private static void walk(Room room, QueryServer query) throws Exception {
        for (int errno : FailingKernel.ERRNOS) {
            boolean reached = true;
            for (int n = 1; reached; n++) {
                reached = fails(room, query, n, errno);
                assertThat(n).isLessThan(MANY);
            }
        }
    }

    /** Whether the n-th call came. */
    private static boolean fails(Room room, QueryServer query, int n, int errno) throws Exception {
        String what = query.key() + ", call " + n + ", " + Errno.name(errno);
        var before = NothingLeft.descriptors();
        Room.Member member = room.join();
        boolean reached;
        try (FailingKernel kernel = FailingKernel.of(room.thread())) {
            // That the loop cannot wait is its own end.
            kernel.excluding("epoll_pwait").fail(n, errno);
            Optional<Grant> answer = member.worker().tryToListen(query);
            reached = kernel.failed();
            kernel.fail(0, errno);
            assertThat(answer.isPresent() || member.worker().isDisconnected()).as(what).isTrue();
        }
        room.leave(member);
        assertThat(room.isEmpty()).as(what).isTrue();
        assertThat(NothingLeft.descriptors()).as(what).isEqualTo(before);

        Room.Member next = room.join();
        Grant again = next.worker().listen(query);
        assertThat(again.errno()).as("after " + what).isZero();
        room.leave(next);
        assertThat(NothingLeft.descriptors()).as("after " + what).isEqualTo(before);
        return reached;
    }

    /** Both ends are in this process: what is missing may be missing on either. */
    @ParameterizedTest
    @EnumSource(SchedulingPolicy.class)
    void givenRoomForNDescriptors_whenAWorkerListens_thenItIsRefusedUntilThereAreEnough(
            SchedulingPolicy policy) throws Exception {
        ListenAddress path =
                ListenAddress.of(Optional.of(folder.resolve("s").toString()), -1, AddressType.UNIX);
        ListenAddress datagrams = ListenAddress.of(Optional.of("127.0.0.1"), 0, AddressType.UDP4);

        try (Room room = new Room(policy);
                DescriptorLimit limit = new DescriptorLimit()) {
            for (boolean handoff : List.of(true, false)) {
                walk(room, limit, Room.tcp(0, handoff));
                walk(room, limit, Room.query(path, 0, handoff));
                walk(room, limit, Room.query(datagrams, 0, handoff));
            }
        }
    }

    private static void walk(Room room, DescriptorLimit limit, QueryServer query) throws Exception {
        // Whatever classes it needs are loaded with room.
        Room.Member first = room.join();
        first.worker().mustListen(query);
        room.leave(first);
        var before = NothingLeft.descriptors();
        boolean granted = false;
        for (int n = 0; !granted; n++) {
            String what = query.key() + ", room for " + n;
            assertThat(n).as(what).isLessThan(MANY);
            Room.Member member = room.join();
            limit.leave(n);
            Optional<Grant> answer = member.worker().tryToListen(query);
            limit.restore();
            granted = answer.filter(grant -> grant.errno() == 0).isPresent();
            if (!granted) {
                assertThat(answer).as(what).map(Grant::errno).contains(Errno.EMFILE);
                assertThat(room.isEmpty()).as(what).isTrue();
            }
            room.leave(member);
            assertThat(NothingLeft.descriptors()).as(what).isEqualTo(before);
        }
    }

    @Test
    void givenTheNthCallFails_whenAClientConnects_thenItIsServedAllTheSame() throws Exception {
        for (boolean handoff : List.of(true, false)) {
            boolean reached = true;
            for (int n = 1; reached; n++) {
                reached = serves(n, handoff);
                assertThat(n).isLessThan(MANY);
            }
        }
    }

    private static boolean serves(int n, boolean handoff) throws Exception {
        try (Room room = new Room(SchedulingPolicy.ROUND_ROBIN)) {
            Room.Member one = room.join();
            Room.Member two = room.join();
            int port = port(one.worker().mustListen(Room.tcp(0, handoff)));
            two.worker().mustListen(Room.tcp(0, handoff));
            room.settled(one);
            room.settled(two);
            try (FailingKernel kernel = FailingKernel.of(room.thread())) {
                kernel.excluding("epoll_pwait").fail(n, Errno.ENOMEM);
                SocketChannel client = room.connect(port);
                try (Fd _ = room.arrival().connection()) {
                    room.turn();
                }
                assertThat(client.isConnected()).isTrue();
                return kernel.failed();
            }
        }
    }

    /** EMFILE: the connection stays in the backlog until there is room. */
    @Test
    void givenNoRoomToAccept_whenAClientConnects_thenAcceptingPausesAndGoesOn() throws Exception {
        try (Room room = new Room(SchedulingPolicy.ROUND_ROBIN)) {
            Room.Member only = room.join();
            int port = port(only.worker().mustListen(Room.tcp(0, true)));
            room.settled(only);
            try (FailingKernel kernel = FailingKernel.of(room.thread())) {
                for (int i = 0; i < 3; i++) {
                    kernel.fail("accept4", 1, Errno.EMFILE);
                    room.servedBy(room.connect(port));
                    assertThat(kernel.failed()).isTrue();
                }
                assertThat(room.shortages()).as("of one episode").hasSize(1);

                room.passes(Shortage.OVER_AFTER.plusSeconds(1));
                kernel.fail("accept4", 1, Errno.EMFILE);
                FakeWorker server = room.servedBy(room.connect(port));

                assertThat(kernel.failed()).isTrue();
                assertThat(server).isSameAs(only.worker());
                assertThat(room.shortages())
                        .hasSize(2)
                        .containsOnly(new AcceptShortage(Where.PRIMARY, "EMFILE"));
            }
        }
    }

    private static int port(Grant grant) {
        return grant.sockname().orElseThrow().getPort();
    }
}
