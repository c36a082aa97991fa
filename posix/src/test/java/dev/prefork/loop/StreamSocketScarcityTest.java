package dev.prefork.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.prefork.posix.Errno;
import dev.prefork.posix.FailingKernel;
import dev.prefork.posix.Fd;
import dev.prefork.posix.NothingLeft;
import dev.prefork.posix.PosixException;
import dev.prefork.posix.Sockets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;

/** Streams and a loop whose system calls fail: nobody waits for ever. */
@ExtendWith(NothingLeft.class)
@Timeout(60)
class StreamSocketScarcityTest {
    private final BlockingQueue<Throwable> faults = new LinkedBlockingQueue<>();
    private final BlockingQueue<Throwable> broken = new LinkedBlockingQueue<>();

    @Test
    void givenAnEpollWithoutRoom_whenAStreamIsRead_thenTheReaderIsToldWhy() throws Exception {
        EventLoop loop = EventLoop.open(faults::add, broken::add);
        Fd[] pair = Sockets.pair(Sockets.Type.STREAM);
        Thread runner = Thread.ofPlatform().name("stream-loop").unstarted(loop);
        try (Fd other = pair[1];
                FailingKernel kernel = FailingKernel.of(runner)) {
            kernel.fail("epoll_ctl", 1, Errno.ENOSPC);
            StreamSocket streams = StreamSocket.open(loop, pair[0], StreamSocket.Direction.BOTH);
            runner.start();

            assertThatThrownBy(() -> streams.input().read())
                    .isInstanceOf(IOException.class)
                    .hasRootCauseInstanceOf(PosixException.class)
                    .rootCause()
                    .hasMessageContaining("ENOSPC");
            assertThatThrownBy(() -> streams.output().write(1)).isInstanceOf(IOException.class);
            assertThat(other.isOpen()).isTrue();
        }
        loop.close();
        assertThat(runner.join(Duration.ofSeconds(10))).isTrue();
        assertThat(faults).isEmpty();
        assertThat(broken).isEmpty();
    }

    @Test
    void givenAClosedLoop_whenAStreamIsOpened_thenItsDescriptorIsClosed() throws Exception {
        EventLoop loop = EventLoop.open(faults::add);
        assertThat(loop.shutDown()).isNotDone();
        loop.run();
        Fd[] pair = Sockets.pair(Sockets.Type.STREAM);

        try (Fd other = pair[1]) {
            assertThatThrownBy(() -> StreamSocket.open(loop, pair[0], StreamSocket.Direction.BOTH))
                    .isInstanceOf(RejectedExecutionException.class);
            assertThat(pair[0].isOpen()).isFalse();
            assertThat(other.isOpen()).isTrue();
        }
    }

    @Test
    void givenAnEpollThatFails_whenTheLoopWaits_thenItEndsAndSaysWhy() throws Exception {
        EventLoop loop = EventLoop.open(faults::add, broken::add);
        Thread runner = Thread.ofPlatform().name("broken-loop").unstarted(loop);
        try (FailingKernel kernel = FailingKernel.of(runner)) {
            kernel.fail("epoll_pwait", 1, Errno.ENOMEM);

            runner.start();

            assertThat(runner.join(Duration.ofSeconds(10))).isTrue();
        }
        assertThat(List.copyOf(broken))
                .singleElement()
                .extracting(Throwable::getMessage)
                .asString()
                .contains("ENOMEM");
        assertThat(faults).isEmpty();
    }
}
