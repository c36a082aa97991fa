package dev.prefork.ipc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.prefork.json.JsonText;
import dev.prefork.loop.EventLoop;
import dev.prefork.posix.DescriptorLimit;
import dev.prefork.posix.Errno;
import dev.prefork.posix.FailingKernel;
import dev.prefork.posix.Fd;
import dev.prefork.posix.NothingLeft;
import dev.prefork.posix.PosixException;
import dev.prefork.posix.Sockets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A channel whose n-th system call fails, and one without room for descriptors: everybody is told,
 * the loop lives, nothing stays open. SPEC C3, C4.
 */
@ExtendWith(NothingLeft.class)
@Timeout(60)
class ChannelScarcityTest {
    private static final String ACK = "{\"cmd\":\"NODE_HANDLE_ACK\"}\n";
    private static final String WITH_HANDLE =
            "{\"cmd\":\"NODE_HANDLE\",\"type\":\"net.Native\",\"msg\":3}\n";

    static List<Integer> errnos() {
        return FailingKernel.ERRNOS;
    }

    @ParameterizedTest
    @MethodSource("errnos")
    void givenAnyCallThatFails_whenAChannelIsOpenedAndHandlesGoBothWays_thenEverybodyIsTold(
            int errno) throws Exception {
        int n = 1;
        while (walk(n, errno)) {
            n++;
            assertThat(n).isLessThan(100);
        }
        assertThat(n).as("calls of a channel").isGreaterThan(5);
    }

    /** Opens, sends a handle, receives a handle, closes; whether the n-th call came. */
    private static boolean walk(int n, int errno) throws Exception {
        Fd[] pair = Sockets.pair(Sockets.Type.STREAM);
        BlockingQueue<Throwable> faults = new LinkedBlockingQueue<>();
        EventLoop loop = EventLoop.open(faults::add);
        Thread runner = Thread.ofPlatform().name("scarce-loop").unstarted(loop);
        try (RawEnd peer = new RawEnd(pair[1]);
                Line sent = Line.open();
                Line received = Line.open();
                FailingKernel kernel = FailingKernel.of(runner)) {
            // That the loop cannot wait is its own end.
            kernel.excluding("epoll_pwait").fail(n, errno);
            runner.start();
            Told told = new Told();
            Optional<Channel> channel = open(loop, pair[0], told, errno);
            if (channel.isPresent()) {
                talk(channel.get(), peer, sent, received, told, errno);
            } else {
                assertThat(pair[0].isOpen()).isFalse();
            }
            loop.close();
            assertThat(runner.join(Duration.ofSeconds(10))).isTrue();
            assertThat(faults).isEmpty();
            return kernel.failed();
        }
    }

    private static Optional<Channel> open(EventLoop loop, Fd socket, Told told, int errno)
            throws Exception {
        CompletableFuture<Channel> opened = new CompletableFuture<>();
        loop.execute(
                () -> {
                    try {
                        opened.complete(Channel.open(loop, socket, told, Runnable::run));
                    } catch (PosixException e) {
                        opened.completeExceptionally(e);
                    }
                });
        try {
            return Optional.of(opened.get(10, TimeUnit.SECONDS));
        } catch (ExecutionException failed) {
            assertThat(failed).cause().isInstanceOf(PosixException.class);
            assertThat(((PosixException) failed.getCause()).errno()).isEqualTo(errno);
            return Optional.empty();
        }
    }

    private static void talk(
            Channel channel, RawEnd peer, Line sent, Line received, Told told, int errno)
            throws Exception {
        CompletableFuture<Optional<Exception>> written = new CompletableFuture<>();
        channel.send("m", new Handle(Handle.NET_NATIVE, sent.far()), written::complete);
        Optional<Exception> failure = written.get(10, TimeUnit.SECONDS);
        if (failure.isEmpty()) {
            if (peer.readLine() != null) {
                peer.dropDescriptors();
            }
            peer.trySend(ACK.getBytes(UTF_8), null);
        }
        // Ours is closed when the other end has it, or it could not be sent.
        sent.assertNobodyHasIt();
        peer.trySend(WITH_HANDLE.getBytes(UTF_8), received.far());
        // Or the channel has failed: then it is closed.
        told.heard.get(10, TimeUnit.SECONDS);
        received.assertNobodyHasIt();
        peer.close();
        told.disconnected.get(10, TimeUnit.SECONDS);
        for (Exception problem : told.problems) {
            assertThat(problem).isInstanceOf(PosixException.class);
            assertThat(((PosixException) problem).errno()).isEqualTo(errno);
        }
    }

    /** Closes what it is given. */
    private static final class Told implements ChannelListener {
        private final CompletableFuture<Void> heard = new CompletableFuture<>();
        private final CompletableFuture<Void> disconnected = new CompletableFuture<>();
        private final BlockingQueue<Exception> problems = new LinkedBlockingQueue<>();

        @Override
        public void message(JsonText content, Optional<Handle> handle, Receipt receipt) {
            handle.orElseThrow().fd().close();
            receipt.done();
            heard.complete(null);
        }

        @Override
        public void frame(Frame frame, Optional<Fd> handle, Receipt receipt) {
            throw new AssertionError(frame.command());
        }

        @Override
        public void error(Exception problem) {
            problems.add(problem);
        }

        @Override
        public void disconnected() {
            heard.complete(null);
            disconnected.complete(null);
        }
    }

    /** The other end would take the rest of it and the next message for one. */
    @Test
    void givenAMessageOfWhichAPartIsWritten_whenTheRestCannotBe_thenTheChannelCloses()
            throws Exception {
        Fd[] pair = Sockets.pair(Sockets.Type.STREAM);
        BlockingQueue<Throwable> faults = new LinkedBlockingQueue<>();
        EventLoop loop = EventLoop.open(faults::add);
        Thread runner = Thread.ofPlatform().name("scarce-loop").start(loop);
        try (RawEnd peer = new RawEnd(pair[1]);
                FailingKernel kernel = FailingKernel.of(runner)) {
            Told told = new Told();
            Channel channel = open(loop, pair[0], told, Errno.ENOBUFS).orElseThrow();
            kernel.fail("sendmsg", 2, Errno.ENOBUFS);
            CompletableFuture<Optional<Exception>> written = new CompletableFuture<>();

            channel.send("x".repeat(1 << 17), null, written::complete);

            assertThat(written.get(10, TimeUnit.SECONDS)).isPresent();
            told.disconnected.get(10, TimeUnit.SECONDS);
            assertThat(kernel.failed()).isTrue();
            assertThat(channel.isConnected()).isFalse();
            assertThatThrownBy(peer::readLine).hasMessageContaining("a line without its end");
            loop.close();
            assertThat(runner.join(Duration.ofSeconds(10))).isTrue();
            assertThat(faults).isEmpty();
        }
    }

    @Test
    void givenAReceiverWithoutRoom_whenAHandleIsSent_thenItsSenderLearnsItAndLaterOnesArrive()
            throws Exception {
        Fd[] pair = Sockets.pair(Sockets.Type.STREAM);
        try (End left = new End(pair[0]);
                End right = new End(pair[1]);
                Line warm = Line.open();
                Line lost = Line.open();
                Line later = Line.open();
                DescriptorLimit limit = new DescriptorLimit()) {
            LostHandle first = new LostHandle();
            left.channel().send("warm", new Handle(Handle.NET_NATIVE, warm.far()), first);
            warm.assertLeadsTo(right.awaitHandle("warm"));
            assertThat(left.channel().isConnected()).isTrue();
            // Whatever tells of a loss is loaded now.
            first.handleLost();
            assertThat(new PosixException("recvmsg", "x", Errno.EMFILE)).isNotNull();
            loseOneToAPeerThatSaysSo();

            LostHandle told = new LostHandle();
            limit.leaveNone();
            try {
                left.channel().send("lost", new Handle(Handle.NET_NATIVE, lost.far()), told);
                told.lost.get(10, TimeUnit.SECONDS);
            } finally {
                limit.restore();
            }

            left.send("behind");
            assertThat(right.awaitMessage()).isEqualTo("behind");
            left.send("later", later.far());
            later.assertLeadsTo(right.awaitHandle("later"));
            lost.assertNobodyHasIt();
            assertThat(told.written).hasValue(1);
            assertThat(left.await(End.Failed.class).problem())
                    .hasMessageContaining("did not reach the other process");
            left.channel().disconnect();
        }
    }

    private static void loseOneToAPeerThatSaysSo() throws Exception {
        Fd[] pair = Sockets.pair(Sockets.Type.STREAM);
        try (Line line = Line.open();
                End end = new End(pair[0]);
                RawEnd peer = new RawEnd(pair[1])) {
            LostHandle told = new LostHandle();
            end.channel().send("m", new Handle(Handle.NET_NATIVE, line.far()), told);
            peer.send(WITH_HANDLE);
            for (int i = 0; i < 5; i++) {
                if (peer.readLine().contains("\"msg\"")) {
                    peer.send("{\"cmd\":\"NODE_HANDLE_NACK\"}\n");
                }
            }
            peer.dropDescriptors();
            told.lost.get(10, TimeUnit.SECONDS);
            end.await(End.Failed.class);
        }
    }

    private static final class LostHandle implements Delivery {
        private final CompletableFuture<Void> lost = new CompletableFuture<>();
        private final AtomicInteger written = new AtomicInteger();

        @Override
        public void done(Optional<Exception> failure) {
            assertThat(failure).isEmpty();
            written.incrementAndGet();
        }

        @Override
        public void handleLost() {
            lost.complete(null);
        }
    }
}
