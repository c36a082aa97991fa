package dev.prefork.posix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.loop.EventLoop;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Everything here that makes something, without room to make it. */
@ExtendWith(NothingLeft.class)
@Timeout(60)
class ScarcityTest {
    static Stream<Arguments> operations() {
        return Stream.of(
                operation("a pair of sockets", ScarcityTest::pair),
                operation("a listening socket", ScarcityTest::listen),
                operation("an epoll", ScarcityTest::watch),
                operation("an eventfd", () -> EventFd.open().close()),
                operation("a loop", ScarcityTest::loop),
                operation("a child", () -> start(Map.of())),
                operation("a child with descriptors", ScarcityTest::startWithDescriptors),
                operation("a memory file", ScarcityTest::memoryFile),
                operation("/dev/null", () -> Descriptors.openNull().close()),
                operation("a descriptor on its way", ScarcityTest::pass));
    }

    private static Arguments operation(String name, Scarcity.Operation operation) {
        return Arguments.of(name, operation);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("operations")
    void givenTooLittleRoom_whenSomethingIsMade_thenItIsOrATypedErrorSaysWhyAndNothingStaysOpen(
            String name, Scarcity.Operation operation) throws IOException {
        Scarcity.walk(operation);
    }

    private static void pair() throws IOException {
        for (Fd end : Sockets.pair(Sockets.Type.SEQPACKET)) {
            end.close();
        }
    }

    private static void listen() throws IOException {
        try (Fd listener = Sockets.open(StandardProtocolFamily.INET, Sockets.Type.STREAM)) {
            Sockets.setOption(listener.number(), Sockets.Option.REUSE_ADDRESS, 1);
            Sockets.bind(listener.number(), new InetSocketAddress("127.0.0.1", 0));
            Sockets.listen(listener.number(), 1);
            Sockets.localAddress(listener.number());
            Descriptors.setNonBlocking(listener.number(), false);
        }
    }

    private static void watch() throws IOException {
        try (EventFd event = EventFd.open();
                Epoll epoll = Epoll.open()) {
            epoll.add(event.descriptor(), Epoll.READABLE, 1);
            epoll.change(event.descriptor(), Epoll.WRITABLE, 1);
            epoll.await(0);
        }
    }

    private static void start(Map<Integer, Integer> descriptors) throws IOException {
        Spawn spawn = new Spawn("true", List.of(), System.getenv(), Optional.empty(), descriptors);
        try (Child child = spawn.start()) {
            assertThat(Child.wait(child.pid(), 0)).contains(new ExitStatus.Exited(0));
        }
    }

    private static void startWithDescriptors() throws IOException {
        try (EventFd event = EventFd.open()) {
            start(Map.of(3, event.descriptor(), 5, event.descriptor()));
        }
    }

    private static void loop() throws IOException {
        EventLoop loop = EventLoop.open(fault -> {});
        assertThat(loop.shutDown()).isNotDone();
        // Nothing is left to do but to close what it has.
        loop.run();
    }

    private static void memoryFile() throws IOException {
        MemoryFile.of("copy", new ByteArrayInputStream(new byte[100])).close();
    }

    /** A descriptor that finds no room is dropped by the kernel: the bytes come without it. */
    private static void pass() throws IOException {
        Fd[] pair = Sockets.pair(Sockets.Type.STREAM);
        try (DescriptorSocket from = new DescriptorSocket(pair[0], 64);
                DescriptorSocket to = new DescriptorSocket(pair[1], 64)) {
            PosixException.check(
                    Syscall.SENDMSG, "pair", from.send(new byte[1], 0, 1, from.descriptor()));
            assertThat(PosixException.check(Syscall.RECVMSG, "pair", to.receive())).isEqualTo(1);
            Fd taken = to.takeDescriptor();
            if (taken == null) {
                throw new PosixException("recvmsg", "pair", Errno.EMFILE);
            }
            taken.close();
        }
    }

    // The limit itself.

    @Test
    void givenALimitOfN_whenDescriptorsAreOpened_thenTheNthIsTheLast() throws IOException {
        try (DescriptorLimit limit = new DescriptorLimit()) {
            for (int n = 0; n < 5; n++) {
                Fd[] opened = new Fd[n];
                limit.leave(n);
                try {
                    for (int i = 0; i < n; i++) {
                        opened[i] = Descriptors.openNull();
                    }
                    assertThat(Syscall.EVENTFD2.call(0, 0)).isEqualTo(-Errno.EMFILE);
                } finally {
                    limit.restore();
                    for (Fd each : opened) {
                        if (each != null) {
                            each.close();
                        }
                    }
                }
            }
        }
    }

    @Test
    void givenHolesAmongTheNumbers_whenTheLimitIsWorkedOut_thenTheyCount() {
        BitSet open = new BitSet();
        open.set(0, 4);
        open.set(6);

        assertThat(DescriptorLimit.limitLeaving(open, 0)).isZero();
        assertThat(DescriptorLimit.limitLeaving(open, 1)).isEqualTo(5);
        assertThat(DescriptorLimit.limitLeaving(open, 2)).isEqualTo(6);
        assertThat(DescriptorLimit.limitLeaving(open, 3)).isEqualTo(8);
    }
}
