package dev.prefork.cli;

/** What can happen to a worker, as far as its {@link WorkerState} is concerned. */
enum WorkerEvent {
    /** It listens on all that it should. */
    READY,
    /** Its channel is closed; its process may run on. */
    DISCONNECTED,
    /** Its process ended by itself with code 0 before it had listened: its work is done. */
    FINISHED,
    /** Its process ended in any other way, or could not be started. */
    DIED,
    /** It has been in its state for as long as it may. */
    TIMEOUT,
    /** A reload wants it in place of another one. */
    TRY,
    /** The one that it was to replace has died. */
    ADOPT,
    /** It shall go, gracefully. */
    LEAVE,
    /** It shall go at once. */
    KILL
}
