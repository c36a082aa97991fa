package dev.prefork.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.ipc.Handle;
import dev.prefork.ipc.ProtocolException;
import dev.prefork.posix.Fd;
import dev.prefork.posix.NothingLeft;
import dev.prefork.posix.Sockets;
import dev.prefork.wire.LinkEnd.Disconnected;
import dev.prefork.wire.LinkEnd.Failed;
import dev.prefork.wire.LinkEnd.Received;
import dev.prefork.wire.LinkEnd.Said;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** SPEC C1, C4. */
@ExtendWith(NothingLeft.class)
class ClusterLinkTest {
    private static final Map<String, Object> ACK = Map.of("cmd", "NODE_HANDLE_ACK");

    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private LinkEnd end;
    private NodeEnd node;

    @BeforeEach
    void open() throws Exception {
        Fd[] pair = Sockets.pair(Sockets.Type.STREAM);
        end = new LinkEnd(pair[0]);
        node = new NodeEnd(pair[1]);
    }

    @AfterEach
    void close() throws Exception {
        // First this one: handles under way are then over.
        node.close();
        end.close();
    }

    @Test
    void givenSeveralFrames_whenSent_thenEachHasTheNextNumber() throws Exception {
        end.onLoop(
                () -> {
                    end.link().tell(Act.Simple.ONLINE);
                    end.link().ask(new NewConnection("k"), (answer, handle) -> {});
                    end.link().answer(new ClusterLink.Asked(7), new Acknowledged());
                });

        assertThat(node.read()).isEqualTo(Map.of("cmd", "NODE_CLUSTER", "act", "online", "seq", 0));
        assertThat(node.read())
                .isEqualTo(Map.of("cmd", "NODE_CLUSTER", "act", "newconn", "key", "k", "seq", 1));
        assertThat(node.read()).isEqualTo(Map.of("cmd", "NODE_CLUSTER", "ack", 7, "seq", 2));
    }

    @Test
    void givenTwoQuestions_whenAnsweredInTheOtherOrder_thenEachHasItsOwnAnswer() throws Exception {
        end.onLoop(
                () -> {
                    ask("first");
                    ask("second");
                });

        node.send("{'cmd':'NODE_CLUSTER','ack':1,'accepted':false,'seq':0}");
        node.send("{'cmd':'NODE_CLUSTER','ack':0,'accepted':true,'seq':1}");

        assertThat(nextTold()).isEqualTo("second false");
        assertThat(nextTold()).isEqualTo("first true");
    }

    @Test
    void givenAnAnswerTwice_whenItComes_thenOnlyTheFirstCounts() throws Exception {
        end.onLoop(() -> ask("question"));

        node.send("{'cmd':'NODE_CLUSTER','ack':0,'accepted':true,'seq':0}");
        node.send("{'cmd':'NODE_CLUSTER','ack':0,'accepted':true,'seq':1}");
        node.send("{'cmd':'NODE_CLUSTER','act':'disconnect','seq':2}");

        assertThat(end.await(Said.class).act()).isEqualTo(Act.Simple.DISCONNECT);
        assertThat(told).containsExactly("question true");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'cmd':'NODE_CLUSTER','ack':99,'seq':0}",
                "{'cmd':'NODE_CLUSTER','act':'newer','seq':0}",
                "{'cmd':'NODE_CLUSTER','seq':0}",
                "{'cmd':'NODE_NEWER'}"
            })
    void givenAFrameForNobody_whenItBringsAHandle_thenThatIsClosed(String frame) throws Exception {
        Fd[] pair = Sockets.pair(Sockets.Type.STREAM);

        try (NodeEnd near = new NodeEnd(pair[0])) {
            node.send(frame, pair[1]);

            assertThat(node.read()).isEqualTo(ACK);
            assertThat(near.read()).as("the end of the stream").isEmpty();
        }
    }

    @Test
    void givenAnActWithAHandle_whenItComes_thenBothAreThePeers() throws Exception {
        Fd[] pair = Sockets.pair(Sockets.Type.STREAM);

        try (NodeEnd near = new NodeEnd(pair[0])) {
            node.send("{'cmd':'NODE_CLUSTER','act':'newconn','key':'k','seq':5}", pair[1]);
            Said said = end.await(Said.class);
            end.onLoop(() -> end.link().answer(said.asked(), new Accepted(true)));

            assertThat(said.act()).isEqualTo(new NewConnection("k"));
            assertThat(node.read()).isEqualTo(ACK);
            assertThat(node.read()).containsEntry("ack", 5).containsEntry("accepted", true);
            said.handle().orElseThrow().close();
            assertThat(near.read()).isEmpty();
        }
    }

    @Test
    void givenAQuestionWithAHandle_whenItIsLost_thenWhoAskedIsTold() throws Exception {
        Fd travels = handle();
        end.onLoop(
                () ->
                        end.link()
                                .ask(
                                        new NewConnection("k"),
                                        new Handle(Handle.NET_NATIVE, travels),
                                        (answer, handle) -> told.add("answered"),
                                        () -> told.add("lost")));

        for (int attempt = 0; attempt < 4; attempt++) {
            assertThat(node.read()).containsEntry("cmd", "NODE_HANDLE");
            node.send("{'cmd':'NODE_HANDLE_NACK'}");
        }
        node.send("{'cmd':'NODE_CLUSTER','ack':0,'accepted':true,'seq':0}");

        assertThat(nextTold()).isEqualTo("lost");
        assertThat(end.await(Failed.class).problem()).isNotNull();
        end.onLoop(() -> assertThat(told).isEmpty());
    }

    @Test
    void givenAQuestion_whenTheChannelCloses_thenNobodyIsTold() throws Exception {
        end.onLoop(() -> ask("question"));

        node.close();

        end.await(Disconnected.class);
        end.onLoop(() -> ask("too late"));
        end.onLoop(() -> assertThat(end.link().unanswered()).isZero());
        assertThat(told).isEmpty();
    }

    @Test
    void givenAQuestionWithAHandle_whenTheChannelIsClosed_thenTheHandleIsClosed() throws Exception {
        node.close();
        end.await(Disconnected.class);

        Fd travels = handle();
        end.onLoop(
                () ->
                        end.link()
                                .ask(
                                        new NewConnection("k"),
                                        new Handle(Handle.NET_NATIVE, travels),
                                        (answer, handle) -> {},
                                        () -> told.add("lost")));

        assertThat(travels.isOpen()).isFalse();
        assertThat(told).isEmpty();
    }

    @Test
    void givenAFieldOfAnotherType_whenAnActComes_thenTheChannelCloses() throws Exception {
        node.send("{'cmd':'NODE_CLUSTER','act':'close','key':1,'seq':0}");

        assertThat(end.await(Failed.class).problem())
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("key=1");
        end.await(Disconnected.class);
        assertThat(node.read()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'cmd':'NODE_CLUSTER','ack':99,'x':'PADDING'}",
                "{'cmd':'NODE_CLUSTER','act':'newer','x':'PADDING'}",
                "{'cmd':'NODE_NEWER','x':'PADDING'}",
                "{'cmd':'NODE_SOCKET_NOTIFY_CLOSE','key':'k','x':'PADDING'}"
            })
    void givenMoreFramesThanAreTakenUndone_whenTheyCome_thenThoseBehindThemDoToo(String frame)
            throws Exception {
        String padded = frame.replace("PADDING", "x".repeat(4000));

        // Twice what a channel reads before it has receipts.
        for (int i = 0; i < 64; i++) {
            node.send(padded);
        }
        node.send("{'cmd':'NODE_CLUSTER','act':'disconnect','seq':0}");

        assertThat(end.await(Said.class).act()).isEqualTo(Act.Simple.DISCONNECT);
    }

    @Test
    void givenMoreAnswersThanAreTakenUndone_whenTheyCome_thenEachIsTold() throws Exception {
        int many = 64;
        end.onLoop(
                () -> {
                    for (int i = 0; i < many; i++) {
                        ask("question");
                    }
                });

        String padding = "x".repeat(4000);
        for (int i = 0; i < many; i++) {
            node.send("{'cmd':'NODE_CLUSTER','ack':" + i + ",'x':'" + padding + "','seq':0}");
        }

        for (int i = 0; i < many; i++) {
            assertThat(nextTold()).isEqualTo("question false");
        }
    }

    @Test
    void givenAMessageOfTheApplication_whenItComes_thenThePeerHasIt() throws Exception {
        node.send("{'cmd':'notifyRequest'}");

        Received received = end.await(Received.class);

        assertThat(received.message().value()).isEqualTo(Map.of("cmd", "notifyRequest"));
        assertThat(received.message().handle()).isEmpty();
    }

    private void ask(String name) {
        end.link()
                .ask(
                        new NewConnection(name),
                        (Accepted answer, Optional<Fd> handle) ->
                                told.add(name + " " + answer.accepted()));
    }

    private String nextTold() throws InterruptedException {
        return told.poll(20, TimeUnit.SECONDS);
    }

    private static Fd handle() throws Exception {
        Fd[] pair = Sockets.pair(Sockets.Type.STREAM);
        pair[0].close();
        return pair[1];
    }
}
