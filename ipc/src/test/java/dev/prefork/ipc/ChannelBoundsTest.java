package dev.prefork.ipc;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.prefork.ipc.End.Failed;
import dev.prefork.ipc.End.Received;
import dev.prefork.posix.Fd;
import dev.prefork.posix.NothingLeft;
import dev.prefork.posix.Sockets;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What a peer can make a channel keep, and whose fault is whose. SPEC C4, C5, C8. */
@ExtendWith(NothingLeft.class)
@Timeout(60)
class ChannelBoundsTest {
    private static final String ACK = "{\"cmd\":\"NODE_HANDLE_ACK\"}";
    private static final String NACK = "{\"cmd\":\"NODE_HANDLE_NACK\"}";

    private final Queue<Receipt> receipts = new ConcurrentLinkedQueue<>();
    private End end;
    private RawEnd peer;

    @BeforeEach
    void open() throws Exception {
        Fd[] pair = Sockets.pair(Sockets.Type.STREAM);
        end = new End(pair[0]);
        peer = new RawEnd(pair[1]);
    }

    @AfterEach
    void close() throws Exception {
        peer.close();
        end.close();
    }

    /** Sends for as long as the other end takes it, at most so often; returns how often. */
    private int sendWhileTaken(String line, int most) throws Exception {
        int sent = 0;
        while (sent < most && peer.offer(line.getBytes(UTF_8))) {
            sent++;
        }
        return sent;
    }

    // The window.

    @Test
    void givenAListenerThatIsNotDone_whenMoreThan128KiBAreDelivered_thenThePeerMustWait()
            throws Exception {
        end.receipts(receipts::add);
        String line = "\"" + "x".repeat(998) + "\"\n";

        int sent = 0;
        while (sendWhileTaken(line, 10) == 10) {
            sent += 10;
            assertThat(sent).isLessThan(10_000);
            end.onLoop(() -> {});
        }

        assertThat(receipts).hasSize(ReceiveWindow.LIMIT_BYTES / 1000 + 1);
        assertThat(receipts.peek().bytes()).isEqualTo(1000);
    }

    @Test
    void givenAShutWindow_whenReceiptsAreDone_thenTheRestIsDeliveredInOrder() throws Exception {
        end.receipts(receipts::add);
        int sent = 0;
        for (; sent < 100; sent++) {
            peer.send(sent + "\n");
        }
        peer.send("\"" + "x".repeat(60_000) + "\"\n\"" + "x".repeat(60_000) + "\"\n");
        peer.send("\"" + "x".repeat(60_000) + "\"\n");
        for (; sent < 200; sent++) {
            peer.send(sent + "\n");
        }
        for (int i = 0; i < 100; i++) {
            assertThat(end.awaitMessage()).isEqualTo(i);
        }
        for (int i = 0; i < 3; i++) {
            assertThat(end.awaitMessage()).isInstanceOf(String.class);
        }
        end.onLoop(() -> {});
        assertThat(end.hasNews()).isFalse();

        end.receipts(Receipt::done);
        receipts.forEach(Receipt::done);

        for (int i = 100; i < 200; i++) {
            assertThat(end.awaitMessage()).isEqualTo(i);
        }
    }

    @Test
    void givenAShutWindow_whenThePeerCloses_thenAllIsDeliveredAndTheEndIsTold() throws Exception {
        end.receipts(receipts::add);
        peer.send("\"" + "x".repeat(140_000) + "\"\n");
        end.awaitMessage();
        peer.send("1\n2\n");
        end.onLoop(() -> {});
        assertThat(end.hasNews()).isFalse();

        peer.close();

        assertThat(end.awaitMessage()).isEqualTo(1);
        assertThat(end.awaitMessage()).isEqualTo(2);
        end.awaitDisconnected();
        receipts.forEach(Receipt::done);
    }

    // Long messages.

    @Test
    void givenALongMessage_whenItIsBeingRead_thenTheLoopIsFreeAndTheOrderKept() throws Exception {
        CountDownLatch mayParse = new CountDownLatch(1);
        end.beforeParsing(mayParse);
        String big = "x".repeat(100_000);
        try (Line line = Line.open()) {
            peer.send("1\n\"" + big + "\"\n2\n");
            peer.send("{\"cmd\":\"NODE_HANDLE\",\"type\":\"net.Native\",\"msg\":3}\n", line.far());

            assertThat(end.awaitMessage()).isEqualTo(1);
            end.onLoop(() -> {});
            assertThat(end.hasNews()).isFalse();
            mayParse.countDown();

            assertThat(end.awaitMessage()).isEqualTo(big);
            assertThat(end.awaitMessage()).isEqualTo(2);
            line.assertLeadsTo(end.awaitHandle(3));
        }
    }

    @Test
    void givenALongMessage_whenThePeerClosesMeanwhile_thenAllIsDelivered() throws Exception {
        CountDownLatch mayParse = new CountDownLatch(1);
        end.beforeParsing(mayParse);
        String big = "x".repeat(100_000);
        peer.send("\"" + big + "\"\n2\n");
        peer.close();
        end.onLoop(() -> {});
        end.onLoop(() -> {});
        mayParse.countDown();

        assertThat(end.awaitMessage()).isEqualTo(big);
        assertThat(end.awaitMessage()).isEqualTo(2);
        end.awaitDisconnected();
    }

    @Test
    void givenALongMessageThatIsNoJson_whenItIsRead_thenTheChannelIsClosed() throws Exception {
        peer.send("x".repeat(100_000) + "\n2\n");

        assertThat(end.await(Failed.class).problem())
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("not JSON");
        end.awaitDisconnected();
    }

    // Answers.

    @Test
    void givenAPeerThatDoesNotReadItsAnswers_whenMoreThanAMiBWait_thenItIsNotHeard()
            throws Exception {
        String answer = "x".repeat(10_000);
        end.application(value -> end.channel().reply(answer, null, Delivery.IGNORED));
        String question = "\"" + "q".repeat(998) + "\"\n";

        int asked = 0;
        while (sendWhileTaken(question, 10) == 10) {
            asked += 10;
            assertThat(asked).isLessThan(10_000);
            end.onLoop(() -> {});
        }

        // What was written to the socket besides is not counted.
        assertThat(end.news()).isBetween(105, 200);
        for (int i = 0; i < asked; i++) {
            assertThat(peer.readLine()).hasSize(10_002);
        }
    }

    // Faults.

    @Test
    void givenAListenerThatThrowsAnError_whenMoreComes_thenItIsTheLoopsFaultAndAllIsDelivered()
            throws Exception {
        Error ours = new OutOfMemoryError("the application's own");
        end.application(
                value -> {
                    if (value.equals(1)) {
                        throw ours;
                    }
                });

        peer.send("1\n2\n");

        assertThat(end.awaitMessage()).isEqualTo(1);
        assertThat(end.awaitMessage()).isEqualTo(2);
        assertThat(end.takeFaults()).containsExactly(ours);
        assertThat(end.channel().isConnected()).isTrue();
    }

    @Test
    void givenAListenerThatThrows_whenAHandleCame_thenTheChannelClosesIt() throws Exception {
        IllegalStateException ours = new IllegalStateException("no good");
        end.application(
                value -> {
                    throw ours;
                });
        try (Line line = Line.open()) {
            peer.send("{\"cmd\":\"NODE_HANDLE\",\"type\":\"net.Native\",\"msg\":3}\n", line.far());

            end.await(Received.class);
            assertThat(end.await(Failed.class).problem()).isSameAs(ours);
            line.assertNobodyHasIt();
        }
    }

    @Test
    void givenADeliveryThatThrows_whenMoreIsSent_thenItIsTheLoopsFaultAndAllIsWritten()
            throws Exception {
        IllegalStateException ours = new IllegalStateException("no good");
        end.channel()
                .send(
                        1,
                        null,
                        failure -> {
                            throw ours;
                        });
        end.send(2);

        assertThat(peer.readLine()).isEqualTo("1");
        assertThat(peer.readLine()).isEqualTo("2");
        end.onLoop(() -> {});
        assertThat(end.takeFaults()).containsExactly(ours);
    }

    @Test
    void givenADeliveryThatSendsTheNext_whenThereAreMany_thenTheStackDoesNotGrow()
            throws Exception {
        List<Integer> depths = new ArrayList<>();
        end.onLoop(() -> sendAndThenTheNext(1, 200, depths));

        for (int i = 1; i <= 200; i++) {
            assertThat(peer.readLine()).isEqualTo(String.valueOf(i));
        }
        end.onLoop(() -> {});
        assertThat(depths.subList(1, 200)).containsOnly(depths.get(1));
    }

    private void sendAndThenTheNext(int number, int last, List<Integer> depths) {
        depths.add(Thread.currentThread().getStackTrace().length);
        end.channel()
                .send(
                        number,
                        null,
                        failure -> {
                            if (number < last) {
                                sendAndThenTheNext(number + 1, last, depths);
                            }
                        });
    }

    @Test
    void givenAHandleThatNeverArrives_whenItIsGivenUp_thenItsSenderLearnsItBeforeTheNextGoes()
            throws Exception {
        CompletableFuture<Optional<Exception>> written = new CompletableFuture<>();
        try (Line line = Line.open()) {
            end.channel()
                    .send(
                            "m",
                            new Handle(Handle.NET_NATIVE, line.far()),
                            new Delivery() {
                                @Override
                                public void done(Optional<Exception> failure) {
                                    written.complete(failure);
                                }

                                @Override
                                public void handleLost() {
                                    end.send("instead");
                                }
                            });
            end.send("behind");
            for (int i = 0; i < 4; i++) {
                assertThat(peer.readLine()).contains("NODE_HANDLE");
                peer.dropDescriptors();
                peer.send(NACK + "\n");
            }

            assertThat(peer.readLine()).isEqualTo("\"behind\"");
            assertThat(peer.readLine()).isEqualTo("\"instead\"");
            assertThat(written.get(10, TimeUnit.SECONDS)).isEmpty();
            assertThat(end.await(Failed.class).problem())
                    .hasMessageContaining("did not reach the other process");
        }
    }

    @Test
    void givenADisconnectThatWaitsForAnAnswer_whenAHandleComes_thenItIsHeardOrClosedButNeverLate()
            throws Exception {
        try (Line own = Line.open();
                Line line = Line.open()) {
            end.send("m", own.far());
            end.channel().disconnect();
            assertThat(peer.readLine()).contains("NODE_HANDLE");
            peer.dropDescriptors();

            peer.send(
                    ACK + "\n{\"cmd\":\"NODE_HANDLE\",\"type\":\"net.Native\",\"msg\":3}\n",
                    line.far());

            end.awaitDisconnected();
            assertThat(end.hasNews()).isFalse();
            line.assertNobodyHasIt();
        }
    }
}
