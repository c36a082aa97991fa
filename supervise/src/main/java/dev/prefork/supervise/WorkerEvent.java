package dev.prefork.supervise;

import java.util.List;

/** What happens to a worker. */
public sealed interface WorkerEvent {
    /**
     * An answer to {@link Action.Fork}.
     *
     * @param id what the cluster calls the worker, from 1
     */
    record Forked(int id, int pid) implements WorkerEvent {}

    /** The other answer to {@link Action.Fork}; there is no process. */
    record NotForked(String reason) implements WorkerEvent {}

    /** Its process runs. */
    record Online() implements WorkerEvent {}

    /**
     * It listens on an address; once for each.
     *
     * @param address in whatever form, as long as it is one per address
     */
    record Listening(String address) implements WorkerEvent {}

    /** It does not listen there any more. */
    record Closed(String address) implements WorkerEvent {}

    /** Its channel is closed; its process may run on. */
    record Disconnected() implements WorkerEvent, Turn {}

    /**
     * Its process has ended.
     *
     * @param lastLines what it printed last
     */
    record Exited(End end, List<String> lastLines) implements WorkerEvent {
        public Exited {
            lastLines = List.copyOf(lastLines);
        }
    }

    /** The time of {@link Action.StartDeadline} is over. */
    record Overdue() implements WorkerEvent, Turn {}

    /** It has been in a state for as long as it may; it means nothing once it is in another. */
    record TimedOut(WorkerState state) implements WorkerEvent, Turn {}
}
