package dev.prefork.listen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.AddressType;
import dev.prefork.SchedulingPolicy;
import dev.prefork.posix.DescriptorLimit;
import dev.prefork.posix.Descriptors;
import dev.prefork.posix.Errno;
import dev.prefork.posix.FailingKernel;
import dev.prefork.posix.Fd;
import dev.prefork.posix.NothingLeft;
import dev.prefork.posix.Sockets;
import dev.prefork.wire.Grant;
import dev.prefork.wire.ListenAddress;
import dev.prefork.wire.QueryServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A bind in a worker waits for its answer: whatever is asked, there is one (SPEC E1, E2). */
@ExtendWith(NothingLeft.class)
@Timeout(60)
class EveryQuestionTest {
    private static final int O_NONBLOCK = 0x800;

    private Room room;
    private Room.Member member;

    @BeforeEach
    void open() throws Exception {
        room = new Room(SchedulingPolicy.ROUND_ROBIN);
        member = room.join();
    }

    @AfterEach
    void close() throws Exception {
        room.close();
    }

    static Stream<Arguments> refused() {
        String longName = "x".repeat(200);
        return Stream.of(
                refused("a name", host("no.such.host", 0), Errno.EINVAL),
                refused("a port too high", host("127.0.0.1", 70000), Errno.EINVAL),
                refused("not ours", host("192.0.2.1", 0), Errno.EADDRNOTAVAIL),
                refused("no path", path(""), Errno.EINVAL),
                refused("a NUL and no more", path("\0"), Errno.EINVAL),
                refused("UDP of another family", udp6("127.0.0.1"), Errno.EINVAL),
                refused("an abstract name too long", path("\0" + longName), Errno.ENAMETOOLONG),
                refused("a path too long", path("/" + longName), Errno.ENAMETOOLONG),
                refused("no folder", path("/no/such/folder"), Errno.ENOENT),
                refused("closed", ListenAddress.ofDescriptor(999_999, DESCRIPTOR), Errno.EBADF));
    }

    private static final AddressType DESCRIPTOR = AddressType.DESCRIPTOR;

    private static Arguments refused(String name, ListenAddress address, int errno) {
        return Arguments.of(name, address, errno);
    }

    private static ListenAddress host(String host, int port) {
        return ListenAddress.of(Optional.of(host), port, AddressType.TCP4);
    }

    private static ListenAddress udp6(String host) {
        return ListenAddress.of(Optional.of(host), 0, AddressType.UDP6);
    }

    private static ListenAddress path(String path) {
        return ListenAddress.of(Optional.of(path), -1, AddressType.UNIX);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void givenAnAddressThatCannotBe_whenAsked_thenTheAnswerSaysWhyAndNothingIsOpen(
            String name, ListenAddress address, int errno) throws Exception {
        QueryServer query = Room.query(address, 0, true);

        Grant grant = member.worker().listen(query);

        assertThat(Errno.name(grant.errno())).isEqualTo(Errno.name(errno));
        assertThat(grant.key()).isEqualTo(query.key());
        assertThat(room.isEmpty()).isTrue();
    }

    /** Measured, v12.10 and v20: as libuv has it. */
    static Stream<Arguments> refusedToNode() {
        return Stream.of(
                refused("no folder", path("/no/such/folder"), Errno.EACCES),
                refused("closed", ListenAddress.ofDescriptor(999_999, DESCRIPTOR), Errno.EINVAL),
                refused(
                        "closed, for UDP",
                        ListenAddress.ofDescriptor(999_999, AddressType.UDP4),
                        Errno.EINVAL),
                refused("a folder", path("/tmp"), Errno.EADDRINUSE),
                refused("not ours", host("192.0.2.1", 0), Errno.EADDRNOTAVAIL));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusedToNode")
    void givenANodeWorker_whenItsListenCannotBe_thenTheErrnoIsNodes(
            String name, ListenAddress address, int errno) throws Exception {
        Grant grant = member.worker().listen(Room.query(address, 0, false));

        assertThat(Errno.name(grant.errno())).isEqualTo(Errno.name(errno));
        assertThat(room.isEmpty()).isTrue();
    }

    /** As libuv takes them: up to the NUL. */
    @Test
    void givenANulInAnAddress_whenAsked_thenItIsWhatStandsBeforeIt(@TempDir Path folder)
            throws Exception {
        Path file = folder.resolve("a");

        Grant path = member.worker().mustListen(Room.unix(file + "\0b"));
        Grant host = member.worker().mustListen(Room.query(host("127.0.0.1\0x", 0), 0, false));

        assertThat(file).exists();
        assertThat(host.sockname().orElseThrow().getAddress().isLoopbackAddress()).isTrue();
        member.worker().closeServer(path.key());
        member.worker().closeServer(host.key());
        room.settled(member);
        assertThat(file).doesNotExist();
    }

    /** A Node worker puts its own directory before it, which is ours; Node's primary removes it. */
    @Test
    void givenAnAbstractNameBehindOurDirectory_whenAsked_thenItIsAbstract() throws Exception {
        String name = "\0prefork-dir-" + ProcessHandle.current().pid();

        Grant grant =
                member.worker().mustListen(Room.unix(System.getProperty("user.dir") + "/" + name));

        assertThat(Files.readString(Path.of("/proc/self/net/unix"), StandardCharsets.ISO_8859_1))
                // Filled up with NULs, which are shown as @.
                .contains("@" + name.substring(1) + "@".repeat(108 - name.length()) + "\n");
        member.worker().closeServer(grant.key());
        room.settled(member);
    }

    /** What a DatagramChannel of both families asks for when it is bound to 127.0.0.1. */
    @Test
    void givenAnIpv4AddressInIpv6Form_whenAskedForUdp6_thenItIsGranted() throws Exception {
        Grant grant = member.worker().mustListen(Room.query(udp6("::ffff:127.0.0.1"), 0, false));

        assertThat(grant.way()).isEqualTo(Grant.Way.SHARED);
        assertThat(grant.sockname()).isEmpty();
        member.worker().closeServer(grant.key());
        room.settled(member);
    }

    /** What v12.10 asks for when it was handed a listening socket, and what "" is to Node. */
    @Test
    void givenNoAddress_whenAsked_thenItIsAnyPortOfAllHosts() throws Exception {
        ListenAddress nothing = ListenAddress.of(Optional.empty(), -1, AddressType.UNIX);

        for (ListenAddress address : List.of(nothing, host("", 0))) {
            Grant grant = member.worker().mustListen(Room.query(address, 0, false));

            InetSocketAddress bound = grant.sockname().orElseThrow();
            assertThat(bound.getAddress().isAnyLocalAddress()).isTrue();
            assertThat(bound.getPort()).isPositive();
            member.worker().closeServer(grant.key());
        }
        room.settled(member);
        assertThat(room.isEmpty()).isTrue();
    }

    @Test
    void givenAnAbstractName_whenAsked_thenItIsGranted() throws Exception {
        QueryServer query = Room.unix("\0prefork-test-" + ProcessHandle.current().pid());

        Grant grant = member.worker().listen(query);

        assertThat(grant.errno()).isZero();
        assertThat(grant.sockname()).isEmpty();
        member.worker().closeServer(grant.key());
        room.settled(member);
        assertThat(room.isEmpty()).isTrue();
    }

    @Test
    void givenADescriptorThatIsNoSocket_whenAsked_thenTheAnswerIsEnotsock() throws Exception {
        try (Fd none = Descriptors.openNull()) {
            ListenAddress address = ListenAddress.ofDescriptor(none.number(), DESCRIPTOR);

            Grant grant = member.worker().listen(Room.query(address, 0, true));

            assertThat(grant.errno()).isEqualTo(Errno.ENOTSOCK);
            Grant toNode = member.worker().listen(Room.query(address, 0, false));
            assertThat(toNode.errno()).isEqualTo(Errno.EINVAL);
            assertThat(none.isOpen()).isTrue();
        }
    }

    @Test
    void givenAConnectionsDescriptor_whenAsked_thenItIsRefusedAndTheConnectionStaysAsItWas()
            throws Exception {
        int port = member.worker().mustListen(Room.tcp(0, true)).sockname().orElseThrow().getPort();
        room.connect(port);
        try (Fd connection = room.arrival().connection()) {
            ListenAddress address = ListenAddress.ofDescriptor(connection.number(), DESCRIPTOR);
            int before = NothingLeft.flags(connection.number());

            Grant grant = member.worker().listen(Room.query(address, 0, true));

            assertThat(grant.errno()).isEqualTo(Errno.EINVAL);
            assertThat(before & O_NONBLOCK).as("blocking before").isZero();
            assertThat(NothingLeft.flags(connection.number())).isEqualTo(before);
        }
    }

    @Test
    void givenDatagramsWanted_whenTheDescriptorIsAStream_thenTheAnswerIsEinval() throws Exception {
        Fd[] pair = Sockets.pair(Sockets.Type.STREAM);
        try (Fd one = pair[0];
                Fd _ = pair[1]) {
            ListenAddress address = ListenAddress.ofDescriptor(one.number(), AddressType.UDP4);

            Grant grant = member.worker().listen(Room.query(address, 0, false));

            assertThat(grant.errno()).isEqualTo(Errno.EINVAL);
        }
    }

    @Test
    void givenAPortInUse_whenAsked_thenTheAnswerIsEaddrinuse() throws Exception {
        Grant first = member.worker().mustListen(Room.tcp(0, true));
        int port = first.sockname().orElseThrow().getPort();

        Grant second = member.worker().listen(Room.tcp(port, true));

        assertThat(second.errno()).isEqualTo(Errno.EADDRINUSE);
    }

    /** ETOOMANYREFS: too many descriptors of this user are in sockets. */
    @Test
    void givenAGrantWhoseHandleCannotBeSent_whenAsked_thenTheAnswerSaysSoAndNothingIsOpen()
            throws Exception {
        Grant grant;
        try (FailingKernel kernel = FailingKernel.of(room.thread())) {
            kernel.fail("sendmsg", 1, Errno.ENOBUFS);

            grant = member.worker().listen(Room.tcp(0, true));
        }

        assertThat(grant.errno()).isEqualTo(Errno.EMFILE);
        assertThat(room.isEmpty()).isTrue();
        assertThat(member.worker().listen(Room.tcp(0, true)).errno()).isZero();
    }

    @Test
    void givenAConnectionThatCannotBeSent_whenItComes_thenItIsServedAfterThePause()
            throws Exception {
        int port =
                member.worker().mustListen(Room.tcp(0, false)).sockname().orElseThrow().getPort();
        room.settled(member);
        try (FailingKernel kernel = FailingKernel.of(room.thread())) {
            kernel.fail("sendmsg", 1, Errno.ENOBUFS);

            FakeWorker server = room.servedBy(room.connect(port));

            assertThat(kernel.failed()).isTrue();
            assertThat(server).isSameAs(member.worker());
        }
    }

    @Test
    void givenAWorkerWithoutDescriptors_whenItsGrantIsLost_thenItIsToldAndItsSlotKeepsThePort()
            throws Exception {
        SlotListeners slot = new SlotListeners(true);
        Room.Member first = room.join(slot);
        int port = first.worker().mustListen(Room.tcp(0, true)).sockname().orElseThrow().getPort();
        loseOne(first, 1);
        room.channelCloses(first);
        Room.Member next = room.join(slot);

        Grant lost = loseOne(next, 0);
        Grant again = next.worker().mustListen(Room.tcp(0, true));

        assertThat(lost.errno()).isEqualTo(Errno.EMFILE);
        assertThat(again.sockname().orElseThrow().getPort()).isEqualTo(port);
        room.onLoop(handles -> handles.close(slot));
    }

    /** The lane's two ends and the copy for the grant can be opened, and no more. */
    private Grant loseOne(Room.Member asker, int index) throws Exception {
        QueryServer query =
                Room.query(
                        ListenAddress.of(Optional.of("127.0.0.1"), 0, AddressType.TCP4),
                        index,
                        true);
        try (DescriptorLimit limit = new DescriptorLimit()) {
            limit.leave(index == 0 ? 3 : 4);
            CompletableFuture<Grant> answer = asker.worker().ask(query);
            try {
                return answer.get(FakeWorker.DEADLINE_SECONDS, TimeUnit.SECONDS);
            } finally {
                limit.restore();
            }
        }
    }
}
