package dev.prefork.supervise;

/**
 * What can turn a worker's {@link WorkerState}: three events as they are, and what others amount
 * to.
 */
sealed interface Turn
        permits WorkerEvent.Disconnected, WorkerEvent.TimedOut, WorkerEvent.Overdue, Turn.Judged {
    /** What the supervisor makes of an event, or wants of the worker. */
    sealed interface Judged extends Turn {}

    /** It listens on all that it should. */
    record Ready() implements Judged {}

    /** It has stopped to listen on something that it should. */
    record Unready() implements Judged {}

    /** Its time to listen is over, and others have listened in its place: it needs longer. */
    record StillStarts() implements Judged {}

    /** Its process ended by itself with code 0 before it had listened: its work is done. */
    record Finished() implements Judged {}

    /** Its process ended in any other way, or could not be started. */
    record Died() implements Judged {}

    /** A reload wants it in place of another one. */
    record Try() implements Judged {}

    /** The one that it was to replace has done its work. */
    record Adopt() implements Judged {}

    /** It shall go, gracefully. */
    record Leave() implements Judged {}

    /** If it still leaves: the next one of its slot leaves now, and one at a time is enough. */
    record Hurry() implements Judged {}

    /** It shall go at once. */
    record Kill() implements Judged {}
}
