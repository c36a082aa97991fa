package dev.prefork.supervise;

/** What a cell of the table in {@link WorkerState} says is to be done for its worker. */
enum Deed {
    FORK,
    DISCONNECT,
    TERMINATE,
    KILL,

    /** Another one shall take its place, now or later. */
    REPLACE,
    /** It is not replaced, since its work is done. */
    FINISH,
    /** It has served for so long, or run where nobody listens, that it is not broken. */
    BELIEVE,
    /** The newcomer of a reload is good: the old one can go. */
    SUCCEED,
    /** The newcomer of a reload is no good: the old one stays. */
    FAIL,
    /** It has served for so long that what it has not listened on by now it will not. */
    SETTLE,

    SAY_THAT_IT_DOES_NOT_LISTEN,
    SAY_THAT_IT_STILL_SERVES,
    SAY_THAT_IT_MAKES_WAY,
    SAY_THAT_IT_DOES_NOT_END
}
