package dev.prefork.listen;

import dev.prefork.loop.EventLoop;
import dev.prefork.posix.Fd;
import dev.prefork.posix.PosixException;

/**
 * A lane on which we hand connections one by one: at most one is under way, and until the filler
 * has acknowledged it we keep our own copy, so that it can go to another instead (SPEC D2).
 */
sealed interface FedLane extends Lane permits HandoffLane, ChannelLane {
    /** How many connections are open where nobody tells. */
    int UNTOLD = -1;

    /** What a lane tells whoever feeds it. */
    interface Feeder {
        /** The filler may get a connection, as it has taken its last one or is there again. */
        void freed(FedLane lane);

        /** The filler has taken its connection; {@link #freed} follows. */
        default void taken(FedLane lane) {}

        /** So many of its connections are closed, more than none. */
        default void done(FedLane lane, int connections) {}

        /** {@link FedLane#open} is less than it was. */
        void hasClosedSome();

        /** This connection was not taken, and will not be: another filler may have it. */
        void returned(Fd connection);

        /** The filler could not take its connection: it is free again after a pause. */
        void refused(FedLane lane);

        /** Likewise, as it has no descriptor left. */
        void hasNoRoom(FedLane lane);
    }

    /**
     * Opens one.
     *
     * @param key of the address
     * @param mayHandOff whether the filler can have a socket of its own for it
     * @param room for such sockets
     */
    static FedLane open(
            EventLoop loop,
            Filler filler,
            String key,
            boolean mayHandOff,
            HandoffRoom room,
            Feeder feeder)
            throws PosixException {
        return mayHandOff && room.take()
                ? HandoffLane.open(loop, room, filler, feeder)
                : new ChannelLane(loop, filler, key, feeder);
    }

    /** At its other end. */
    Filler filler();

    /** False from {@link #retire} on. */
    boolean isActive();

    /** Hands a connection to the filler. Only when free. */
    void hand(Fd connection);

    /** How long it is left alone when it takes none. */
    Pause pause();

    /** What is under way. */
    UnderWay underWay();

    /**
     * How many of its connections are open, with what is under way; {@link #UNTOLD} when its filler
     * does not tell.
     */
    int open();

    /** Tries to get the present connection back from a filler that has not even looked at it. */
    void reclaim();
}
