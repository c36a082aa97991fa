package dev.prefork.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.ipc.ProtocolException;
import dev.prefork.posix.Fd;
import dev.prefork.posix.NothingLeft;
import dev.prefork.posix.Sockets;
import dev.prefork.wire.LinkEnd.Failed;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Map;

/** What Node's server.getConnections() and close() ask of who has their connections. */
@ExtendWith(NothingLeft.class)
class ReceivedSocketsTest {
    private static final Map<String, Object> ALL_CLOSED =
            Map.of("cmd", "NODE_SOCKET_ALL_CLOSED", "key", "k");

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
        node.close();
        end.close();
    }

    @Test
    void givenNoConnection_whenAsked_thenThereAreNone() throws Exception {
        node.send("{'cmd':'NODE_SOCKET_GET_COUNT','key':'k'}");
        node.send("{'cmd':'NODE_SOCKET_NOTIFY_CLOSE','key':'k'}");

        assertThat(node.read())
                .isEqualTo(Map.of("cmd", "NODE_SOCKET_COUNT", "key", "k", "count", 0));
        assertThat(node.read()).isEqualTo(ALL_CLOSED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"NODE_SOCKET_GET_COUNT", "NODE_SOCKET_NOTIFY_CLOSE"})
    void givenNoKey_whenAsked_thenTheProtocolIsBroken(String command) throws Exception {
        node.send("{'cmd':'" + command + "'}");

        assertThat(end.await(Failed.class).problem())
                .isInstanceOf(ProtocolException.class)
                .hasMessage(command + " without a key");
    }

    @Test
    void givenAnEndThatReadsNoAnswers_whenItAsksOn_thenItIsHeardNoMore() throws Exception {
        String key = "k".repeat(4000);
        int asked = 0;

        // More than the answers that are kept for one that reads none, and both sockets' buffers.
        while (asked < 4000 && node.offer("{'cmd':'NODE_SOCKET_GET_COUNT','key':'" + key + "'}")) {
            asked++;
        }

        assertThat(asked).isLessThan(4000);
    }
}
