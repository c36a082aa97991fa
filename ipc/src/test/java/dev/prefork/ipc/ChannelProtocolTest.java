package dev.prefork.ipc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.prefork.ipc.End.Failed;
import dev.prefork.ipc.End.Received;
import dev.prefork.json.Limits;
import dev.prefork.posix.Fd;
import dev.prefork.posix.NothingLeft;
import dev.prefork.posix.Sockets;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.EOFException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A channel and a peer that sends and reads bytes. SPEC C1, C3, C4, C5, C8. */
@ExtendWith(NothingLeft.class)
@Timeout(60)
class ChannelProtocolTest {
    private static final String ACK = "{\"cmd\":\"NODE_HANDLE_ACK\"}";
    private static final String NACK = "{\"cmd\":\"NODE_HANDLE_NACK\"}";

    private Fd socket;
    private End end;
    private RawEnd peer;

    @BeforeEach
    void open() throws Exception {
        Fd[] pair = Sockets.pair(Sockets.Type.STREAM);
        socket = pair[0];
        peer = new RawEnd(pair[1]);
    }

    @AfterEach
    void close() throws Exception {
        peer.close();
        end.close();
    }

    private void start() throws Exception {
        end = new End(socket);
    }

    private static String handleLine(String type, String message) {
        return "{\"cmd\":\"NODE_HANDLE\",\"type\":\"" + type + "\",\"msg\":" + message + "}\n";
    }

    // The wire.

    /** As Bun 1.4 speaks, measured: what it says in a cluster has a byte in front, and no cmd. */
    @Test
    void givenAPeerThatMarksItsFrames_whenOneComes_thenOursAreMarkedFromThenOnAndNothingElse()
            throws Exception {
        start();
        Map<String, Object> ours = Map.of("cmd", "NODE_CLUSTER");
        end.send(ours);
        assertThat(peer.readLine()).isEqualTo("{\"cmd\":\"NODE_CLUSTER\"}");

        peer.send("\2{\"act\":\"online\",\"seq\":0}\n{\"act\":\"mine\"}\n");

        assertThat(end.await(End.Framed.class).frame().fields())
                .isEqualTo(Map.of("cmd", "NODE_CLUSTER", "act", "online", "seq", 0));
        assertThat(end.awaitMessage()).isEqualTo(Map.of("act", "mine"));
        end.send(ours);
        end.send(Map.of("a", 1));
        assertThat(peer.readLine()).isEqualTo("\2{\"cmd\":\"NODE_CLUSTER\"}");
        assertThat(peer.readLine()).isEqualTo("{\"a\":1}");
    }

    @Test
    void givenAFrameWhoseNamesAreEscaped_whenItComesBehindAMessage_thenItIsAFrame()
            throws Exception {
        start();
        peer.send("{\"a\":1}\n{\"\\u0063md\":\"NODE_CLUSTER\",\"act\":\"online\"}\n");

        assertThat(end.awaitMessage()).isEqualTo(Map.of("a", 1));
        assertThat(end.await(End.Framed.class).frame().fields())
                .isEqualTo(Map.of("cmd", "NODE_CLUSTER", "act", "online"));
    }

    @Test
    void givenAPeerThatMarksItsFrames_whenOneOfOursHasAHandle_thenAFieldSaysSoInPlaceOfAWrapper()
            throws Exception {
        start();
        peer.send("\2{\"act\":\"online\"}\n");
        end.await(End.Framed.class);
        try (Line line = Line.open();
                Line other = Line.open()) {
            end.send(Map.of("cmd", "NODE_CLUSTER"), line.far());
            assertThat(peer.readLine())
                    .isEqualTo("\2{\"cmd\":\"NODE_CLUSTER\",\"$hasHandle\":true}");
            assertThat(peer.dropDescriptors()).isOne();
            peer.send(ACK + "\n");

            // The application's are as Node's.
            end.send("m", other.far());
            assertThat(peer.readLine() + "\n").isEqualTo(handleLine("net.Native", "\"m\""));
            peer.send(ACK + "\n");
        }
    }

    @Test
    void givenALongFrameWithAMark_whenAnotherThreadHasReadIt_thenItIsAFrame() throws Exception {
        start();
        String text = "x".repeat(LongLine.MIN_BYTES);

        peer.send("\2{\"text\":\"" + text + "\"}\n\"behind\"\n");

        assertThat(end.await(End.Framed.class).frame().fields()).containsEntry("text", text);
        assertThat(end.awaitMessage()).isEqualTo("behind");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\2\n", "\0021\n", "\2{\"cmd\":\"mine\"}\n"})
    void givenAMarkBeforeWhatIsNoFrame_whenItComes_thenTheChannelIsClosed(String line)
            throws Exception {
        start();

        peer.send(line);

        assertThat(end.await(Failed.class).problem()).isInstanceOf(ProtocolException.class);
        end.awaitDisconnected();
    }

    @Test
    void givenAMessage_whenSent_thenItIsOneLineOfUtf8() throws Exception {
        start();

        end.send(Map.of("a", "é\n漢"));
        end.send(null);

        assertThat(peer.readLine()).isEqualTo("{\"a\":\"é\\n漢\"}");
        assertThat(peer.readLine()).isEqualTo("null");
    }

    @Test
    void givenAMessageWithAHandle_whenSent_thenNodesWrapperIsAroundItAndNothingFollowsBeforeAnAck()
            throws Exception {
        start();
        try (Line line = Line.open()) {
            end.send("m", line.far());
            end.send("behind");

            assertThat(peer.readLine() + "\n").isEqualTo(handleLine("net.Native", "\"m\""));
            assertThat(peer.dropDescriptors()).isOne();
            // Had "behind" not waited, it would be here before the answer to this.
            peer.send(handleLine("net.Native", "1"));
            assertThat(peer.readLine()).isEqualTo(NACK);
            assertThat(line.far().isOpen()).isTrue();

            peer.send(ACK + "\n");
            assertThat(peer.readLine()).isEqualTo("\"behind\"");
            line.assertNobodyHasIt();
        }
    }

    @Test
    void givenOneByteAtATime_whenSent_thenMessagesOfSeveralByteCharactersAreWhole()
            throws Exception {
        start();

        for (byte b : "\"zażółć 漢字 😀\"\n".getBytes(UTF_8)) {
            assertThat(peer.trySend(new byte[] {b}, null)).isOne();
        }

        assertThat(end.awaitMessage()).isEqualTo("zażółć 漢字 😀");
    }

    @Test
    void givenOneReadWithSeveralMessages_whenOnlyTheLastHasADescriptor_thenItIsItsOwn()
            throws Exception {
        try (Line line = Line.open();
                Line other = Line.open()) {
            peer.send("1\n{\"cmd\":\"NODE_x\"}\n2\n");
            peer.send(handleLine("net.Native", "3") + "4\n", line.far());
            peer.send("5\n");
            peer.send(handleLine("net.Socket", "6"), other.far());
            start();

            assertThat(end.awaitMessage()).isEqualTo(1);
            end.await(End.Framed.class);
            assertThat(end.awaitMessage()).isEqualTo(2);
            Fd first = end.awaitHandle(3);
            assertThat(end.awaitMessage()).isEqualTo(4);
            assertThat(end.awaitMessage()).isEqualTo(5);
            Received last = end.await(Received.class);
            assertThat(last.handle().orElseThrow().type()).isEqualTo("net.Socket");

            line.assertLeadsTo(first);
            other.assertLeadsTo(last.handle().orElseThrow().fd());
            assertThat(List.of(peer.readLine(), peer.readLine())).containsExactly(ACK, ACK);
        }
    }

    @Test
    void givenALongMessageWithADescriptor_whenItTakesManyReads_thenTheDescriptorWaitsForItsEnd()
            throws Exception {
        start();
        try (Line line = Line.open()) {
            String big = "x".repeat(800_000);

            peer.send("\"before\"\n");
            peer.send(handleLine("net.Native", "\"" + big + "\""), line.far());

            assertThat(end.awaitMessage()).isEqualTo("before");
            line.assertLeadsTo(end.awaitHandle(big));
        }
    }

    // Acknowledgements.

    @Test
    void givenADescriptorThatGotLost_whenItsMessageComes_thenItIsAskedForAgainAndDeliveredOnce()
            throws Exception {
        start();
        try (Line line = Line.open()) {
            peer.send(handleLine("net.Native", "\"m\""));
            assertThat(peer.readLine()).isEqualTo(NACK);
            peer.send(handleLine("net.Native", "\"m\""), line.far());
            assertThat(peer.readLine()).isEqualTo(ACK);
            peer.send("\"next\"\n");

            line.assertLeadsTo(end.awaitHandle("m"));
            assertThat(end.awaitMessage()).isEqualTo("next");
        }
    }

    @Test
    void givenAPeerThatDidNotGetTheHandle_whenItSaysSo_thenItIsSentAgain() throws Exception {
        start();
        try (Line line = Line.open()) {
            CompletableFuture<Optional<Exception>> outcome =
                    end.deliver("m", new Handle(Handle.NET_NATIVE, line.far()));
            end.send("behind");

            String sent = peer.readLine();
            assertThat(peer.dropDescriptors()).isOne();
            peer.send(NACK + "\n");
            assertThat(peer.readLine()).isEqualTo(sent);
            assertThat(peer.dropDescriptors()).isOne();
            peer.send(ACK + "\n");

            assertThat(peer.readLine()).isEqualTo("\"behind\"");
            assertThat(outcome.get(10, TimeUnit.SECONDS)).isEmpty();
            line.assertNobodyHasIt();
        }
    }

    @Test
    void givenAPeerThatNeverGetsTheHandle_whenItWasSentFourTimes_thenItIsDroppedAndReported()
            throws Exception {
        start();
        try (Line line = Line.open()) {
            end.send("m", line.far());
            end.send("behind");

            for (int i = 0; i < 4; i++) {
                assertThat(peer.readLine() + "\n").isEqualTo(handleLine("net.Native", "\"m\""));
                assertThat(peer.dropDescriptors()).isOne();
                peer.send(NACK + "\n");
            }

            assertThat(peer.readLine()).isEqualTo("\"behind\"");
            assertThat(end.await(Failed.class).problem())
                    .isInstanceOf(ProtocolException.class)
                    .hasMessageContaining("did not reach the other process in 4 attempts");
            line.assertNobodyHasIt();
            assertThat(end.send("again")).isTrue();
            assertThat(peer.readLine()).isEqualTo("\"again\"");
        }
    }

    @Test
    void givenNoHandleOnItsWay_whenOneIsAcknowledged_thenThatIsIgnored() throws Exception {
        start();

        peer.send(ACK + "\n" + NACK + "\n\"next\"\n");

        assertThat(end.awaitMessage()).isEqualTo("next");
    }

    @ParameterizedTest
    @ValueSource(strings = {ACK, NACK})
    void givenAHandleThatIsStillUnsent_whenItIsAcknowledged_thenThePeerLosesItsChannel(
            String answer) throws Exception {
        start();
        try (Line line = Line.open()) {
            CompletableFuture<Optional<Exception>> unsent = end.deliver(big(1_000_000), null);
            CompletableFuture<Optional<Exception>> handle =
                    end.deliver("m", new Handle(Handle.NET_NATIVE, line.far()));
            end.onLoop(() -> {});

            peer.send(answer + "\n");

            assertThat(end.await(Failed.class).problem())
                    .isInstanceOf(ProtocolException.class)
                    .hasMessage("a handle is acknowledged before it was sent");
            end.awaitDisconnected();
            assertThat(unsent.get(10, TimeUnit.SECONDS)).isPresent();
            assertThat(handle.get(10, TimeUnit.SECONDS)).isPresent();
            line.assertNobodyHasIt();
        }
    }

    // Back-pressure.

    @Test
    void givenAPeerThatDoesNotRead_whenMoreThan128KiBWait_thenSendSaysToWaitAndAllArrives()
            throws Exception {
        start();
        String piece = big(16 << 10);
        int sent = 1;
        while (end.send(piece)) {
            sent++;
            assertThat(sent).isLessThan(1000);
            end.onLoop(() -> {});
        }
        end.send("queued all the same");

        for (int i = 0; i < sent; i++) {
            assertThat(peer.readLine()).isEqualTo("\"" + piece + "\"");
        }
        assertThat(peer.readLine()).isEqualTo("\"queued all the same\"");
        end.onLoop(() -> {});
        assertThat(end.send("room again")).isTrue();
        assertThat(peer.readLine()).isEqualTo("\"room again\"");
    }

    @Test
    void givenAPeerThatDoesNotRead_whenAskedForTheFlush_thenItIsDoneWhenAllIsWritten()
            throws Exception {
        start();
        CompletableFuture<Optional<Exception>> delivery = end.deliver(big(2_000_000), null);
        CompletableFuture<Void> flushed = end.channel().flushed();
        end.onLoop(() -> {});
        assertThat(delivery).isNotDone();
        assertThat(flushed).isNotDone();

        assertThat(peer.readLine()).hasSize(2_000_002);

        flushed.get(10, TimeUnit.SECONDS);
        assertThat(delivery).isCompletedWithValue(Optional.empty());
        assertThat(end.channel().flushed().get(10, TimeUnit.SECONDS)).isNull();
    }

    @Test
    void givenMessagesBehindAHandle_whenAskedForTheFlush_thenItWaitsForThem() throws Exception {
        start();
        try (Line line = Line.open()) {
            end.send("m", line.far());
            end.send("behind");
            CompletableFuture<Void> flushed = end.channel().flushed();
            peer.readLine();
            end.onLoop(() -> {});
            assertThat(flushed).isNotDone();

            peer.send(ACK + "\n");

            flushed.get(10, TimeUnit.SECONDS);
            assertThat(peer.readLine()).isEqualTo("\"behind\"");
        }
    }

    // The end.

    @Test
    void givenMessagesJustBeforeTheEnd_whenThePeerCloses_thenAllAreDeliveredFirst()
            throws Exception {
        try (Line line = Line.open()) {
            peer.send("1\n2\n").send(handleLine("net.Native", "3"), line.far()).send("4\n");
            peer.close();
            start();

            assertThat(end.awaitMessage()).isEqualTo(1);
            assertThat(end.awaitMessage()).isEqualTo(2);
            line.assertLeadsTo(end.awaitHandle(3));
            assertThat(end.awaitMessage()).isEqualTo(4);
            end.awaitDisconnected();
        }
    }

    @Test
    void givenAPeerThatClosesWithoutReading_whenWeWrite_thenWhatItSaidBeforeIsStillDelivered()
            throws Exception {
        start();
        CompletableFuture<Void> closed = new CompletableFuture<>();
        List<CompletableFuture<Optional<Exception>>> outcomes = new CopyOnWriteArrayList<>();
        try (Line line = Line.open()) {
            end.loop()
                    .execute(
                            () -> {
                                outcomes.add(end.deliver("unread", null));
                                closed.join();
                                Handle handle = new Handle(Handle.NET_NATIVE, line.far());
                                outcomes.add(end.deliver("m", handle));
                                outcomes.add(end.deliver("behind", null));
                            });
            peer.send("1\n2\n");
            await().until(() -> outcomes.size() == 1);
            peer.close();
            closed.complete(null);

            assertThat(end.awaitMessage()).isEqualTo(1);
            assertThat(end.awaitMessage()).isEqualTo(2);
            end.awaitDisconnected();
            assertThat(outcomes.get(0)).isCompletedWithValue(Optional.empty());
            for (CompletableFuture<Optional<Exception>> outcome : outcomes.subList(1, 3)) {
                assertThat(outcome.get(10, TimeUnit.SECONDS).orElseThrow())
                        .isInstanceOf(ChannelClosedException.class)
                        .hasMessageContaining("EPIPE");
            }
            line.assertNobodyHasIt();
        }
    }

    @Test
    void givenUnsentMessages_whenThePeerCloses_thenEachIsToldThatTheChannelIsClosed()
            throws Exception {
        start();
        try (Line line = Line.open()) {
            end.send("m", line.far());
            CompletableFuture<Optional<Exception>> behind = end.deliver("behind", null);
            peer.readLine();
            peer.close();

            assertThat(behind.get(10, TimeUnit.SECONDS))
                    .containsInstanceOf(ChannelClosedException.class);
            end.awaitDisconnected();
            line.assertNobodyHasIt();
        }
    }

    @Test
    void givenADisconnect_whenAHandleIsNotAcknowledged_thenTheChannelWaitsForIt() throws Exception {
        start();
        try (Line line = Line.open()) {
            end.send("m", line.far());
            end.send("behind");
            end.channel().disconnect();
            end.onLoop(() -> {});
            assertThat(end.channel().isConnected()).isFalse();
            assertThat(end.send("too late")).isFalse();
            assertThat(peer.readLine()).isNotNull();
            peer.send("\"still heard\"\n" + ACK + "\n");

            assertThat(end.awaitMessage()).isEqualTo("still heard");
            assertThat(peer.readLine()).isEqualTo("\"behind\"");
            assertThat(peer.readLine()).isNull();
            assertThat(peer.dropDescriptors()).isOne();
            end.awaitDisconnected();
            line.assertNobodyHasIt();
        }
    }

    // Garbage.

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\n",
                "\n",
                "GET / HTTP/1.1\r\n\r\n",
                "1 2\n",
                "{\"cmd\":\n",
                "\0\0\0\4\n",
                "{\"cmd\":\"NODE_HANDLE\"}\n",
                "{\"cmd\":\"NODE_HANDLE\",\"type\":5,\"msg\":1}\n"
            })
    void givenGarbage_whenItComes_thenTheChannelIsClosedWithTheReason(String garbage)
            throws Exception {
        start();
        peer.send("\"before\"\n" + garbage + "\"after\"\n");

        assertThat(end.awaitMessage()).isEqualTo("before");
        assertThat(end.await(Failed.class).problem()).isInstanceOf(ProtocolException.class);
        end.awaitDisconnected();
        assertThat(end.hasNews()).isFalse();
        assertThat(peer.readLine()).isNull();
    }

    @Test
    void givenAHandleWithoutAType_whenItComes_thenItIsClosedWithTheChannel() throws Exception {
        start();
        try (Line line = Line.open()) {
            peer.send("{\"cmd\":\"NODE_HANDLE\",\"msg\":1}\n", line.far());

            assertThat(end.await(Failed.class).problem())
                    .isInstanceOf(ProtocolException.class)
                    .hasMessage("NODE_HANDLE without a type");
            end.awaitDisconnected();
            line.assertNobodyHasIt();
        }
    }

    @Test
    void givenTheEndInTheMiddleOfAMessage_whenThePeerCloses_thenThatIsReported() throws Exception {
        start();
        try (Line line = Line.open()) {
            peer.send("{\"cmd\":\"NODE_HAN", line.far());
            peer.close();

            assertThat(end.await(Failed.class).problem())
                    .isInstanceOf(EOFException.class)
                    .hasMessage("the channel ended in the middle of a message");
            end.awaitDisconnected();
            line.assertNobodyHasIt();
        }
    }

    @Test
    void givenADescriptorWithAnOrdinaryMessage_whenItComes_thenThePeerLosesItsChannel()
            throws Exception {
        start();
        try (Line line = Line.open()) {
            peer.send("\"mine\"\n", line.far());

            assertThat(end.awaitMessage()).isEqualTo("mine");
            assertThat(end.await(Failed.class).problem())
                    .isInstanceOf(ProtocolException.class)
                    .hasMessage("a descriptor came without a message of its own");
            end.awaitDisconnected();
            line.assertNobodyHasIt();
        }
    }

    @Test
    void givenSeveralDescriptorsInOneMessage_whenTheyCome_thenThePeerLosesItsChannel()
            throws Exception {
        start();
        try (Line first = Line.open();
                Line second = Line.open()) {
            peer.send("{\"cmd\":", first.far());
            peer.send("\"NODE", second.far());

            assertThat(end.await(Failed.class).problem()).isInstanceOf(ProtocolException.class);
            end.awaitDisconnected();
            first.assertNobodyHasIt();
            second.assertNobodyHasIt();
        }
    }

    @Test
    void givenNoLineBreakInWhatThisHeapTakes_whenTheyCome_thenThePeerLosesItsChannel()
            throws Exception {
        start();
        byte[] piece = new byte[1 << 20];
        Arrays.fill(piece, (byte) ' ');

        int sent = 0;
        int longest = Limits.MAX_LINE_BYTES;
        for (int i = 0; i < longest / piece.length + 6; i++) {
            sent += peer.trySend(piece, null);
        }

        assertThat(sent).isBetween(longest, longest + 2 * piece.length);
        assertThat(end.await(Failed.class).problem())
                .isInstanceOf(ProtocolException.class)
                .hasMessage("no end of line in " + longest + " bytes");
        end.awaitDisconnected();
    }

    private static String big(int length) {
        return "x".repeat(length);
    }
}
