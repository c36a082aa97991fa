package dev.prefork.it.fire;

/** What became of a request. */
enum Outcome {
    ANSWERED,
    /** Nobody listened. */
    REFUSED,
    /** The connection ended before the answer did. */
    RESET,
    /** Nothing came within the deadline. */
    HUNG,
    /** The answer was to something else, or an error. */
    WRONG
}
