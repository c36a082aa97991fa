package dev.prefork;

import java.util.List;
import java.util.OptionalInt;

/**
 * What the primary has counted of one worker; see {@link Worker#stats}. A snapshot.
 *
 * @param messagesIn how many messages of the application have come from it, questions and answers
 *     among them
 * @param messagesOut how many it was sent
 * @param connections at each address that it listens on now
 */
public record WorkerStats(long messagesIn, long messagesOut, List<Connections> connections) {
    public WorkerStats {
        connections = List.copyOf(connections);
    }

    /**
     * Connections that the primary has handed to the worker at one address, since the worker
     * listens there. What it accepts itself, under NONE and REUSE_PORT, is not among them.
     *
     * @param handedOver how many it was offered
     * @param accepted how many of these it has taken
     * @param reoffered how many of these went to another one instead, as it did not take them
     * @param open how many that it has taken or been offered are not closed yet; empty where it
     *     does not tell, as a worker of Node
     */
    public record Connections(
            ListeningAddress address,
            long handedOver,
            long accepted,
            long reoffered,
            OptionalInt open) {}
}
