package dev.prefork.listen;

import dev.prefork.posix.PosixException;

import java.util.OptionalLong;

/** How connections to one listen handle reach the fillers that have a part in it; a policy. */
sealed interface Spread permits ReusePort, RoundRobin, Shared, SlotDatagrams, Succession {
    /**
     * The way for another filler; nothing goes on it before {@link #begin}.
     *
     * @param mayHandOff whether the filler takes connections on a socket of their own
     * @throws PosixException EMFILE and the like; then nothing has changed
     */
    Lane open(Filler filler, boolean mayHandOff) throws PosixException;

    /** The filler has been sent its grant. */
    void begin(Lane lane);

    /** The filler has no part in it any more. The lane is the caller's to retire. */
    void end(Lane lane);

    /** Nobody can connect any more; who has connected before still reaches a filler. */
    default void takeNoMore() {}

    /**
     * As before {@link #takeNoMore}.
     *
     * @return false when that cannot be undone
     */
    default boolean takeAgain() {
        return true;
    }

    /** Whether nobody who has connected waits for a filler. */
    default boolean isAtRest() {
        return true;
    }

    /** How many connections we have accepted here; empty where the fillers do. */
    default OptionalLong accepted() {
        return OptionalLong.empty();
    }

    /** How many of these no filler has yet. */
    default int queued() {
        return 0;
    }

    /** The socket is about to be closed; connections that wait are dropped. */
    void close();
}
