package dev.prefork.cli;

import java.time.Duration;

/** What the {@link Supervisor} wants done. */
sealed interface Action {
    /** Start a process; {@code worker} is a number that no other one has had. */
    record Fork(int worker, int slot) implements Action {}

    /** It shall end once its connections have. */
    record Disconnect(int worker) implements Action {}

    record Signal(int worker, String name) implements Action {}

    /** Answer with {@link Event.TimedOut}; it replaces the worker's last timer. */
    record StartTimer(int worker, WorkerState state, Duration time) implements Action {}

    /** Answer with {@link Event.Settled} when nothing has started this again for a moment. */
    record StartSettling() implements Action {}

    /** A line for people. */
    record Say(String line) implements Action {}

    /** How far it has got; nothing to see when empty. */
    record Progress(String text) implements Action {}

    /** All is over. */
    record End(int code) implements Action {}
}
