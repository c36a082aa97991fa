package dev.prefork.cli;

/**
 * How a stream of a worker's bytes looks when it is printed. What it returns is printed in this
 * order, with nothing of others within. For one thread at a time.
 */
interface OutputForm {
    /** Goes before what is printed first on a line. */
    byte[] lead();

    /** Takes the next bytes; returns what is printed now. */
    byte[] add(byte[] bytes, int length);

    /** Whether a pause would change something. */
    boolean isUnfinished();

    /** Nothing has come for a while: what is printed of a line that has not ended. */
    byte[] pause();

    /** Nothing more comes: the rest. */
    byte[] end();

    /** How far the line has come that is printed at the moment. */
    Line line();

    /** Of the line that is printed at the moment. */
    enum Line {
        /** There is none: the last one has ended. */
        ENDED,
        /** More of it may come, or not. */
        PAUSED,
        /** It was too long to wait for its end, which is on its way. */
        FLOWING
    }
}
