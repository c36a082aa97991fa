package dev.prefork.cli;

import dev.prefork.Exit;

import java.util.List;

/** What the {@link Supervisor} is told. A worker's number is that of {@link Action.Fork}. */
sealed interface Event {
    /** The answer to {@link Action.Fork}; {@code id} is what the cluster calls the worker. */
    record Forked(int worker, int id, int pid) implements Event {}

    /** The other answer to {@link Action.Fork}. */
    record NotForked(int worker, String reason) implements Event {}

    record Online(int worker) implements Event {}

    /** Once for each address, in the form that is printed. */
    record Listening(int worker, String address) implements Event {}

    record Disconnected(int worker) implements Event {}

    record Exited(int worker, Exit exit, List<String> lastLines) implements Event {}

    /** The timer of a worker's state is over; it means nothing in another state. */
    record TimedOut(int worker, WorkerState state) implements Event {}

    /** The timer of {@link Action.StartSettling} is over. */
    record Settled() implements Event {}

    record Asked(Request request) implements Event {}

    /** What a user can ask for. */
    enum Request {
        RELOAD,
        ONE_MORE,
        ONE_FEWER,
        STOP,
        INTERRUPT
    }
}
