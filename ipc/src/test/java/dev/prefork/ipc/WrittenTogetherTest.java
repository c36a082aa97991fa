package dev.prefork.ipc;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.prefork.posix.DescriptorSocket;
import dev.prefork.posix.Epoll;
import dev.prefork.posix.Errno;
import dev.prefork.posix.FailingKernel;
import dev.prefork.posix.Fd;
import dev.prefork.posix.NothingLeft;
import dev.prefork.posix.PosixException;
import dev.prefork.posix.Sockets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Messages that another thread sends while the loop does something else. SPEC C3, C4, C5. */
@ExtendWith(NothingLeft.class)
@Timeout(60)
@SuppressWarnings("try") // closes early what it would close anyway
class WrittenTogetherTest {
    /** A loop that does something else until it is let go. */
    private static final class Busy implements AutoCloseable {
        private final CountDownLatch over = new CountDownLatch(1);

        Busy(End end) {
            end.loop().execute(() -> await(over));
        }

        private static void await(CountDownLatch latch) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                throw new AssertionError("nobody interrupts the loop", e);
            }
        }

        @Override
        public void close() {
            over.countDown();
        }
    }

    @Test
    void givenABusyLoop_whenManyMessagesAreSent_thenFewCallsWriteThemAll() throws Exception {
        Fd[] pair = Sockets.pair(Sockets.Type.STREAM);
        try (RawEnd peer = new RawEnd(pair[1]);
                End end = new End(pair[0]);
                FailingKernel kernel = FailingKernel.of(threadOf(end))) {
            try (Busy _ = new Busy(end)) {
                for (int i = 0; i < 1000; i++) {
                    assertThat(end.send(i)).isTrue();
                }
            }

            for (int i = 0; i < 1000; i++) {
                assertThat(peer.readLine()).isEqualTo(String.valueOf(i));
            }
            end.onLoop(() -> {});
            assertThat(Collections.frequency(kernel.calls(), "sendmsg")).isBetween(1, 2);
            peer.close();
        }
    }

    @Test
    void givenASocketThatTakesLess_whenItIsRead_thenAllArrivesAndEachIsToldInItsTurn()
            throws Exception {
        String text = "é".repeat(300);
        List<Integer> told = Collections.synchronizedList(new ArrayList<>());
        Fd[] pair = Sockets.pair(Sockets.Type.STREAM);
        try (RawEnd peer = new RawEnd(pair[1]);
                End end = new End(pair[0])) {
            boolean roomy = true;
            try (Busy _ = new Busy(end)) {
                for (int i = 0; i < 3000; i++) {
                    int number = i;
                    roomy =
                            end.channel()
                                    .send(
                                            List.of(i, text),
                                            null,
                                            failure -> told.add(failure.isEmpty() ? number : -1));
                }
            }
            end.onLoop(() -> {});
            assertThat(roomy).isFalse();
            assertThat(told).as("as far as the socket had room").hasSizeBetween(1, 2999);

            for (int i = 0; i < 3000; i++) {
                assertThat(peer.readLine()).isEqualTo("[" + i + ",\"" + text + "\"]");
            }
            end.onLoop(() -> {});
            assertThat(told).isEqualTo(IntStream.range(0, 3000).boxed().toList());
            assertThat(end.send("room again")).isTrue();
            peer.close();
        }
    }

    @Test
    void givenAHandleBetweenMessages_whenTheyAreWritten_thenItGoesAloneAndHoldsThoseBehindIt()
            throws Exception {
        // Each packet is what one call has written.
        Fd[] pair = Sockets.pair(Sockets.Type.SEQPACKET);
        try (DescriptorSocket peer = new DescriptorSocket(pair[1], 64 << 10);
                Line line = Line.open();
                End end = new End(pair[0])) {
            try (Busy _ = new Busy(end)) {
                end.send(1);
                end.send(2);
                end.send(3, line.far());
                end.send(4);
                end.send(5);
            }

            assertThat(packet(peer)).isEqualTo("1\n2\n");
            assertThat(peer.takeDescriptor()).isNull();
            assertThat(packet(peer))
                    .isEqualTo("{\"cmd\":\"NODE_HANDLE\",\"type\":\"net.Native\",\"msg\":3}\n");
            Fd handle = peer.takeDescriptor();
            end.onLoop(() -> {});
            assertThat(peer.receive()).isEqualTo(DescriptorSocket.NOTHING);

            byte[] acknowledgement = "{\"cmd\":\"NODE_HANDLE_ACK\"}\n".getBytes(UTF_8);
            peer.send(acknowledgement, 0, acknowledgement.length, DescriptorSocket.NO_DESCRIPTOR);
            assertThat(packet(peer)).isEqualTo("4\n5\n");
            line.assertLeadsTo(handle);
            peer.close();
        }
    }

    @Test
    void givenADisconnectBetweenMessages_whenTheLoopGetsToIt_thenThoseBeforeItArriveAlone()
            throws Exception {
        Fd[] pair = Sockets.pair(Sockets.Type.STREAM);
        try (RawEnd peer = new RawEnd(pair[1]);
                End end = new End(pair[0])) {
            CompletableFuture<Optional<Exception>> before;
            CompletableFuture<Optional<Exception>> behind;
            try (Busy _ = new Busy(end)) {
                before = end.deliver("before", null);
                end.channel().disconnect();
                behind = end.deliver("behind", null);
            }

            assertThat(peer.readLine()).isEqualTo("\"before\"");
            assertThat(peer.readLine()).isNull();
            assertThat(before.get(10, TimeUnit.SECONDS)).isEmpty();
            assertThat(behind.get(10, TimeUnit.SECONDS))
                    .containsInstanceOf(ChannelClosedException.class);
        }
    }

    @Test
    void givenAnAbortBehindMessages_whenTheLoopGetsToIt_thenTheyAreWrittenFirst() throws Exception {
        Fd[] pair = Sockets.pair(Sockets.Type.STREAM);
        try (RawEnd peer = new RawEnd(pair[1]);
                End end = new End(pair[0])) {
            CompletableFuture<Optional<Exception>> before;
            try (Busy _ = new Busy(end)) {
                before = end.deliver("before", null);
                end.channel().abort();
            }

            assertThat(before.get(10, TimeUnit.SECONDS)).isEmpty();
            assertThat(peer.readLine()).isEqualTo("\"before\"");
            assertThat(peer.readLine()).isNull();
        }
    }

    @Test
    void givenASenderThatAbortsWhenItIsTold_whenOthersWereWrittenWithIts_thenTheyAreToldSo()
            throws Exception {
        Fd[] pair = Sockets.pair(Sockets.Type.STREAM);
        try (RawEnd peer = new RawEnd(pair[1]);
                End end = new End(pair[0])) {
            CompletableFuture<Optional<Exception>> second;
            try (Busy _ = new Busy(end)) {
                end.channel().send("first", null, failure -> end.channel().abort());
                second = end.deliver("second", null);
            }

            assertThat(second.get(10, TimeUnit.SECONDS)).isEmpty();
            assertThat(peer.readLine()).isEqualTo("\"first\"");
            assertThat(peer.readLine()).isEqualTo("\"second\"");
            assertThat(peer.readLine()).isNull();
        }
    }

    @Test
    void givenACallThatFailsOnce_whenSeveralWereToGo_thenNoneIsLost() throws Exception {
        Fd[] pair = Sockets.pair(Sockets.Type.STREAM);
        try (RawEnd peer = new RawEnd(pair[1]);
                End end = new End(pair[0]);
                FailingKernel kernel = FailingKernel.of(threadOf(end))) {
            kernel.fail("sendmsg", 1, Errno.ENOBUFS);

            List<CompletableFuture<Optional<Exception>>> sent = sendThree(end);

            for (CompletableFuture<Optional<Exception>> each : sent) {
                assertThat(each.get(10, TimeUnit.SECONDS)).isEmpty();
                assertThat(peer.readLine()).isNotNull();
            }
            peer.close();
        }
    }

    @Test
    void givenAKernelWithoutRoom_whenSeveralWereToGo_thenEachIsToldAndTheNextArrives()
            throws Exception {
        Fd[] pair = Sockets.pair(Sockets.Type.STREAM);
        try (RawEnd peer = new RawEnd(pair[1]);
                End end = new End(pair[0])) {
            try (FailingKernel kernel = FailingKernel.of(threadOf(end))) {
                kernel.failAlso("sendmsg", Errno.ENOBUFS);
                for (CompletableFuture<Optional<Exception>> each : sendThree(end)) {
                    assertThat(each.get(10, TimeUnit.SECONDS))
                            .containsInstanceOf(PosixException.class);
                }
            }

            assertThat(end.send("next")).isTrue();
            assertThat(peer.readLine()).isEqualTo("\"next\"");
            peer.close();
        }
    }

    private static List<CompletableFuture<Optional<Exception>>> sendThree(End end) {
        try (Busy _ = new Busy(end)) {
            return List.of(end.deliver(1, null), end.deliver(2, null), end.deliver(3, null));
        }
    }

    private static Thread threadOf(End end) throws Exception {
        return CompletableFuture.supplyAsync(Thread::currentThread, end.loop())
                .get(End.DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    private static String packet(DescriptorSocket from) throws Exception {
        try (Epoll epoll = Epoll.open()) {
            epoll.add(from.descriptor(), Epoll.READABLE, 0);
            assertThat(epoll.await(End.DEADLINE_SECONDS * 1000)).isOne();
        }
        assertThat(from.receive()).isPositive();
        return UTF_8.decode(from.received()).toString();
    }
}
