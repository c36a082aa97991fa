package dev.prefork.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.prefork.posix.Fd;
import dev.prefork.posix.NothingLeft;
import dev.prefork.posix.Sockets;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** StreamSocket: both ends of a pair, on one loop. After each test the descriptors are closed. */
@ExtendWith(NothingLeft.class)
class StreamSocketTest {
    private static final Executor VIRTUAL = Thread::startVirtualThread;

    private EventLoop loop;
    private StreamSocket one;
    private StreamSocket other;

    @BeforeEach
    void open() throws IOException {
        loop = EventLoop.open(fault -> fault.printStackTrace());
        Thread.ofPlatform().daemon().start(loop);
        Fd[] ends = Sockets.pair(Sockets.Type.STREAM);
        one = StreamSocket.open(loop, ends[0], StreamSocket.Direction.BOTH);
        other = StreamSocket.open(loop, ends[1], StreamSocket.Direction.BOTH);
    }

    @AfterEach
    void close() {
        loop.close();
    }

    private void closeBoth() throws IOException {
        one.input().close();
        one.output().close();
        other.input().close();
        other.output().close();
    }

    @Test
    void givenAReaderThatWaits_whenTheOtherEndWrites_thenItReads() throws Exception {
        CompletableFuture<String> read = CompletableFuture.supplyAsync(() -> text(one, 5), VIRTUAL);

        other.output().write("hello".getBytes(UTF_8));

        assertThat(read.get(20, TimeUnit.SECONDS)).isEqualTo("hello");
        closeBoth();
    }

    @Test
    void givenMoreThanThePipeHolds_whenTheOtherEndReadsIt_thenAllOfItArrives() throws Exception {
        byte[] much = "0123456789".repeat(200_000).getBytes(UTF_8);
        CompletableFuture<Void> written =
                CompletableFuture.runAsync(
                        () -> {
                            try {
                                one.output().write(much);
                                one.output().close();
                            } catch (IOException e) {
                                throw new AssertionError(e);
                            }
                        },
                        VIRTUAL);

        assertThat(other.input().readAllBytes()).isEqualTo(much);
        written.get(20, TimeUnit.SECONDS);
        // The other direction is open still.
        other.output().write('x');
        assertThat(one.input().read()).isEqualTo('x');
        closeBoth();
    }

    @Test
    void givenTheOtherEndClosed_whenNobodyHasRead_thenTheRestCanBeReadAndNothingWritten()
            throws Exception {
        other.output().write("last words".getBytes(UTF_8));
        other.output().close();
        other.input().close();

        assertThat(new String(one.input().readAllBytes(), UTF_8)).isEqualTo("last words");
        // The other end is closed by its loop, a moment after its end of stream is here.
        await().untilAsserted(
                        () ->
                                assertThatThrownBy(() -> one.output().write(1))
                                        .hasMessageContaining("EPIPE"));
        assertThat(one.input().read()).isEqualTo(-1);
    }

    @Test
    void givenAReaderThatWaits_whenTheStreamIsClosed_thenItIsTold() throws Exception {
        CompletableFuture<String> read = CompletableFuture.supplyAsync(() -> text(one, 5), VIRTUAL);

        one.input().close();

        assertThat(read.get(20, TimeUnit.SECONDS)).contains("the stream is closed");
        closeBoth();
    }

    private static String text(StreamSocket from, int count) {
        try {
            return new String(from.input().readNBytes(count), UTF_8);
        } catch (IOException e) {
            return e.getMessage();
        }
    }
}
