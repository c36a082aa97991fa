package dev.prefork.it.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What goes on with each of two workers while they are replaced: streaming answers, and a WebSocket
 * session where the server has one.
 */
final class Conversations {
    /** The policy may be the system's, which deals nothing out in turn. */
    private static final int CONNECTIONS_AT_MOST = 1000;

    private final Map<Integer, Streaming> streams = new HashMap<>();
    private final Map<Integer, WebSocketEcho> sessions = new HashMap<>();

    /** Begins them. */
    static Conversations with(Set<Integer> pids, ServerProgram server, Connection.Target target)
            throws IOException, InterruptedException {
        Conversations conversations = new Conversations();
        if (server.streams()) {
            conversations.stream(pids, target);
        }
        if (server.protocol() == ServerProgram.Protocol.HTTP_AND_WEB_SOCKET) {
            conversations.converse(pids, target.argument());
        }
        return conversations;
    }

    private void stream(Set<Integer> pids, Connection.Target target) throws IOException {
        for (int i = 0; i < CONNECTIONS_AT_MOST && !streams.keySet().equals(pids); i++) {
            Connection connection = target.connect();
            int pid = Answer.to(connection).pid();
            if (streams.containsKey(pid)) {
                connection.close();
            } else {
                streams.put(pid, new Streaming(connection, pid));
            }
        }
        assertThat(streams).as("streams by pid").containsOnlyKeys(pids);
    }

    private void converse(Set<Integer> pids, String port) throws InterruptedException {
        for (int i = 0; i < CONNECTIONS_AT_MOST && !sessions.keySet().equals(pids); i++) {
            WebSocketEcho session = new WebSocketEcho(port);
            int pid = session.echo();
            if (sessions.containsKey(pid)) {
                session.end();
            } else {
                sessions.put(pid, session);
            }
        }
        assertThat(sessions).as("WebSocket sessions by pid").containsOnlyKeys(pids);
    }

    /** Brings them to their end: nothing was cut off. */
    void finish() throws InterruptedException {
        for (Map.Entry<Integer, WebSocketEcho> entry : sessions.entrySet()) {
            assertThat(entry.getValue().echo()).isEqualTo(entry.getKey());
            entry.getValue().end();
        }
        streams.values().forEach(Streaming::finish);
    }
}
