package dev.prefork.wire;

import dev.prefork.ipc.Frame;
import dev.prefork.ipc.ProtocolException;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What one side of a cluster's channel says to the other: a frame {@code {cmd: "NODE_CLUSTER", act,
 * …}}. Each act is a record with its reader and its writer side by side; the names of its fields on
 * the wire stand in that file and nowhere else.
 *
 * <p>Source of all acts: internal/cluster/child.js, primary.js (master.js) and
 * round_robin_handle.js of Node v12.10 and v20.
 */
public sealed interface Act permits Act.Simple, Question, Listening, Joined, Close {
    /** What {@code act} is on the wire. */
    String word();

    /** The other fields, in the order in which they are written. */
    Map<String, Object> fields();

    /** Acts that say all by their name. */
    enum Simple implements Act {
        /** Worker to primary: its process runs. */
        ONLINE("online"),
        /** Primary to worker: disconnect yourself. */
        DISCONNECT("disconnect"),
        /**
         * Primary to worker: no older one runs in its slot, and what only one process can have is
         * its. Only to our own workers.
         */
        OLDEST("oldest"),
        /** Primary to worker: of those in slots it is the leader, until it ends. */
        LEADER("leader");

        private final String word;

        Simple(String word) {
            this.word = word;
        }

        @Override
        public String word() {
            return word;
        }

        @Override
        public Map<String, Object> fields() {
            return Map.of();
        }
    }

    /**
     * The act of a frame; empty for one that we do not know: another version may have more of them.
     *
     * @throws ProtocolException when a field has another type than it should
     */
    static Optional<Act> of(String word, Frame frame) throws ProtocolException {
        return switch (word) {
            case "online" -> Optional.of(Simple.ONLINE);
            case "disconnect" -> Optional.of(Simple.DISCONNECT);
            case "oldest" -> Optional.of(Simple.OLDEST);
            case "leader" -> Optional.of(Simple.LEADER);
            case QueryServer.WORD -> Optional.of(QueryServer.of(frame));
            case Listening.WORD -> Optional.of(Listening.of(frame));
            case Joined.WORD -> Optional.of(Joined.of(frame));
            case Close.WORD -> Optional.of(Close.of(frame));
            case NewConnection.WORD -> Optional.of(NewConnection.of(frame));
            case ExitedAfterDisconnect.WORD -> Optional.of(new ExitedAfterDisconnect());
            default -> Optional.empty();
        };
    }

    /** An empty map that keeps the order of the fields and takes null. */
    static Map<String, Object> fieldsInOrder() {
        return new LinkedHashMap<>();
    }
}
