package dev.prefork.ipc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.prefork.ipc.End.Failed;
import dev.prefork.ipc.End.Framed;
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
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Two channels, each with a loop of its own. SPEC C1, C3, C4, C5, C6, C7. */
@ExtendWith(NothingLeft.class)
@Timeout(60)
class ChannelTest {
    private End left;
    private End right;

    @BeforeEach
    void open() throws Exception {
        Fd[] pair = Sockets.pair(Sockets.Type.STREAM);
        left = new End(pair[0]);
        right = new End(pair[1]);
    }

    @AfterEach
    void close() throws Exception {
        left.close();
        right.close();
    }

    @Test
    void givenMessagesOfAllKinds_whenSentBothWays_thenTheyArriveInOrder() throws Exception {
        record Point(int x, int y) {}

        left.send("text é漢😀");
        left.send(null);
        left.send(List.of(1, 2.5, true));
        left.send(new Point(1, 2));
        right.send(Map.of("cmd", "mine"));

        assertThat(right.awaitMessage()).isEqualTo("text é漢😀");
        assertThat(right.awaitMessage()).isNull();
        assertThat(right.awaitMessage()).isEqualTo(List.of(1, 2.5, true));
        assertThat(right.awaitMessage()).isEqualTo(Map.of("x", 1, "y", 2));
        assertThat(left.awaitMessage()).isEqualTo(Map.of("cmd", "mine"));
    }

    @Test
    void givenManyMessagesFromSeveralThreads_whenSent_thenThoseOfEachThreadStayInOrder()
            throws Exception {
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            int thread = t;
            threads.add(
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        for (int i = 0; i < 2000; i++) {
                                            left.send(List.of(thread, i));
                                        }
                                    }));
        }

        int[] next = new int[4];
        for (int i = 0; i < 8000; i++) {
            List<?> message = (List<?>) right.awaitMessage();
            assertThat(message.get(1)).isEqualTo(next[(Integer) message.get(0)]++);
        }

        for (Thread thread : threads) {
            thread.join();
        }
    }

    @Test
    void givenAMessageOfTheRuntime_whenSent_thenItIsAFrameAndNoMessage() throws Exception {
        left.send(Map.of("cmd", "NODE_CLUSTER", "act", "online"));
        left.send(Map.of("cmd", "NODE_"));

        Framed framed = right.await(Framed.class);
        assertThat(framed.frame().text("act")).contains("online");
        assertThat(framed.handle()).isEmpty();
        assertThat(right.awaitMessage()).isEqualTo(Map.of("cmd", "NODE_"));
    }

    @Test
    void givenHandles_whenSentWithMessagesAndFrames_thenEachComesWithItsOwn() throws Exception {
        try (Line first = Line.open();
                Line second = Line.open()) {
            left.send("before");
            left.send("with the first", first.far());
            left.send("between");
            left.send(Map.of("cmd", "NODE_CLUSTER", "act", "newconn"), second.far());
            left.send("after");

            assertThat(right.awaitMessage()).isEqualTo("before");
            Fd firstReceived = right.awaitHandle("with the first");
            assertThat(right.awaitMessage()).isEqualTo("between");
            Fd secondReceived = right.await(Framed.class).handle().orElseThrow();
            assertThat(right.awaitMessage()).isEqualTo("after");
            // What was sent is the channel's: it is closed here as soon as it is there.
            first.assertLeadsTo(firstReceived);
            second.assertLeadsTo(secondReceived);
        }
    }

    @Test
    void givenAHandleOfAnyType_whenReceived_thenItsTypeIsTold() throws Exception {
        try (Line line = Line.open()) {
            left.channel().send(null, new Handle("dgram.Native", line.far()), Delivery.IGNORED);

            Received received = right.await(Received.class);

            assertThat(received.value()).isNull();
            assertThat(received.handle().orElseThrow().type()).isEqualTo("dgram.Native");
            line.assertLeadsTo(received.handle().orElseThrow().fd());
        }
    }

    @Test
    void givenManyHandles_whenBothSidesSendAtOnce_thenAllArriveInOrder() throws Exception {
        int count = 200;
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < 2 * count; i++) {
            lines.add(Line.open());
        }

        for (int i = 0; i < count; i++) {
            left.send("left " + i, lines.get(i).far());
            right.send("right " + i, lines.get(count + i).far());
            left.send(i);
            right.send(i);
        }

        for (int i = 0; i < count; i++) {
            Fd ofLeft = right.awaitHandle("left " + i);
            assertThat(right.awaitMessage()).isEqualTo(i);
            Fd ofRight = left.awaitHandle("right " + i);
            assertThat(left.awaitMessage()).isEqualTo(i);
            lines.get(i).assertLeadsTo(ofLeft);
            lines.get(count + i).assertLeadsTo(ofRight);
        }
        lines.forEach(Line::close);
    }

    @Test
    void given800KBWithAHandle_whenBothSidesSendThem_thenAllArrivesInOrder() throws Exception {
        String big = "zażółć 漢字 😀 ".repeat(40_000);
        try (Line first = Line.open();
                Line second = Line.open()) {
            left.send(big, first.far());
            left.send("after");
            right.send(List.of(big, big), second.far());
            right.send("after");

            Fd ofLeft = right.awaitHandle(big);
            assertThat(right.awaitMessage()).isEqualTo("after");
            Fd ofRight = left.awaitHandle(List.of(big, big));
            assertThat(left.awaitMessage()).isEqualTo("after");
            first.assertLeadsTo(ofLeft);
            second.assertLeadsTo(ofRight);
        }
    }

    @Test
    void givenAHandleThatIsNotAcknowledged_whenSending_thenSendSaysToWait() throws Exception {
        try (Line line = Line.open()) {
            CompletableFuture<Void> readAgain = new CompletableFuture<>();
            right.loop().execute(readAgain::join);

            assertThat(left.send("before")).isTrue();
            assertThat(left.send("with the handle", line.far())).isTrue();
            assertThat(left.send("behind")).isFalse();

            readAgain.complete(null);
            right.awaitMessage();
            right.awaitHandle("with the handle").close();
            assertThat(right.awaitMessage()).isEqualTo("behind");
            left.onLoop(() -> {});
            assertThat(left.send("all is well")).isTrue();
        }
    }

    @Test
    void givenMessagesAndThenADisconnect_whenTheyAreMany_thenAllArriveBeforeTheEnd()
            throws Exception {
        String big = "x".repeat(500_000);
        try (Line line = Line.open()) {
            for (int i = 0; i < 1000; i++) {
                left.send(i);
            }
            left.send(big, line.far());
            CompletableFuture<Optional<Exception>> last = left.deliver("last", null);
            left.channel().disconnect();

            for (int i = 0; i < 1000; i++) {
                assertThat(right.awaitMessage()).isEqualTo(i);
            }
            var handle = right.awaitHandle(big);
            assertThat(right.awaitMessage()).isEqualTo("last");
            right.awaitDisconnected();
            left.awaitDisconnected();
            // Now the sender has read the acknowledgement, and given up its copy.
            line.assertLeadsTo(handle);
            assertThat(last.get(1, TimeUnit.SECONDS)).isEmpty();
        }
    }

    @Test
    void givenADisconnect_whenAsked_thenNothingMoreCanBeSent() throws Exception {
        left.channel().disconnect();
        left.awaitDisconnected();
        right.awaitDisconnected();

        try (Line line = Line.open()) {
            assertThat(left.channel().isConnected()).isFalse();
            assertThat(right.channel().isConnected()).isFalse();
            assertThat(left.send("too late")).isFalse();
            assertThat(
                            right.deliver("too late", new Handle(Handle.NET_NATIVE, line.far()))
                                    .get(10, TimeUnit.SECONDS)
                                    .orElseThrow())
                    .isInstanceOf(ChannelClosedException.class)
                    .hasMessage("channel closed");
            right.onLoop(() -> {});
            line.assertNobodyHasIt();
        }
        assertThat(left.hasNews()).isFalse();
    }

    @Test
    void givenALoopThatHasEnded_whenTheChannelIsUsed_thenItIsAsIfClosed() throws Exception {
        left.channel().disconnect();
        left.awaitDisconnected();
        right.awaitDisconnected();
        left.loop().close();

        try (Line line = Line.open()) {
            Handle handle = new Handle(Handle.NET_NATIVE, line.far());
            assertThat(left.deliver("too late", handle).get(10, TimeUnit.SECONDS))
                    .containsInstanceOf(ChannelClosedException.class);
            line.assertNobodyHasIt();
        }
        left.channel().disconnect();
        assertThat(left.channel().flushed().get(10, TimeUnit.SECONDS)).isNull();
    }

    @Test
    void givenAValueWithoutJson_whenSent_thenItIsRefusedAndNothingIsSent() throws Exception {
        try (Line line = Line.open()) {
            assertThatThrownBy(() -> left.send(Map.of("a", new Object())))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(
                            "there is no JSON for it: $.a: a java.lang.Object is neither");
            assertThatThrownBy(() -> left.send(new Object(), line.far()))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(line.far().isOpen()).as("still the caller's").isTrue();
        }

        assertThat(left.send("next")).isTrue();
        assertThat(right.awaitMessage()).isEqualTo("next");
    }

    @Test
    void givenAListenerThatThrows_whenMoreComes_thenTheFaultIsReportedAndTheNextIsDelivered()
            throws Exception {
        IllegalStateException fault = new IllegalStateException("no good");
        right.application(
                value -> {
                    if (value.equals("bad")) {
                        throw fault;
                    }
                });

        left.send("bad");
        left.send("good");

        assertThat(right.awaitMessage()).isEqualTo("bad");
        assertThat(right.await(Failed.class).problem()).isSameAs(fault);
        assertThat(right.awaitMessage()).isEqualTo("good");
        assertThat(right.channel().isConnected()).isTrue();
    }

    @Test
    void givenAListenerThatDisconnectsInTheMiddleOfARead_whenMoreIsThere_thenItIsNotDelivered()
            throws Exception {
        CompletableFuture<Void> readNow = new CompletableFuture<>();
        right.loop().execute(readNow::join);
        right.application(value -> right.channel().disconnect());
        left.send("first");
        left.send("second");
        left.channel().flushed().get(10, TimeUnit.SECONDS);
        readNow.complete(null);

        assertThat(right.awaitMessage()).isEqualTo("first");
        right.awaitDisconnected();
        left.awaitDisconnected();
        assertThat(right.hasNews()).isFalse();
    }

    @Test
    void givenAFrameThatItsListenerFindsWrong_whenDelivered_thenTheChannelIsClosed()
            throws Exception {
        right.application(
                value -> {
                    throw new ProtocolException("seq is no Integer");
                });

        left.send(Map.of("cmd", "NODE_CLUSTER", "seq", "x"));

        right.await(Framed.class);
        assertThat(right.await(Failed.class).problem())
                .isInstanceOf(ProtocolException.class)
                .hasMessage("seq is no Integer");
        right.awaitDisconnected();
        left.awaitDisconnected();
    }
}
