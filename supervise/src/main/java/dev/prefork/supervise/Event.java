package dev.prefork.supervise;

/** What a {@link Supervisor} is told. */
public sealed interface Event {
    /**
     * Something happened to a worker.
     *
     * @param worker its number in {@link Action.Fork}
     */
    record OfWorker(int worker, WorkerEvent event) implements Event {}

    /** The timer of {@link Action.StartSettling} is over. */
    record Settled() implements Event {}

    /** The time of {@link Action.StartCounting} is over. */
    record Counted() implements Event {}

    record Asked(Request request) implements Event {}

    /**
     * A user asks for so many workers.
     *
     * @param workers from 1
     */
    record Scaled(int workers) implements Event {}

    /** What a user can ask for. */
    enum Request {
        RELOAD,
        ONE_MORE,
        ONE_FEWER,
        STOP,
        /** As STOP, by Ctrl-C. */
        INTERRUPT,
        /** As STOP, by the end of the terminal. */
        HANG_UP,
        /** Of all workers. */
        THREAD_DUMP,
        /** As Ctrl-Z: the workers stop, then we do. */
        SUSPEND,
        /** All go on. */
        RESUME
    }
}
