package dev.prefork.primary;

import dev.prefork.posix.Fd;

/**
 * The way of connections from one round-robin handle to one worker: at most one is under way, and
 * until the worker has acknowledged it the primary keeps its own copy, so that it can go to another
 * worker instead (SPEC D2).
 */
sealed interface Feed permits HandoffFeed, NodeFeed {
    /** What a feed tells its round-robin handle. */
    interface Owner {
        /** The worker has taken its connection: it may get the next. */
        void freed(Feed feed);

        /** This connection was not taken, and will not be: another worker may have it. */
        void returned(Fd connection);

        /** The worker could not take its connection: it is free again after a pause. */
        void refused(Feed feed);
    }

    /** False from {@link #retire} on. */
    boolean isActive();

    /** Hands a connection to the worker. Only when free. */
    void hand(Fd connection);

    /** Since when the present connection is under way; {@link Long#MAX_VALUE}: there is none. */
    long handedAtNanos();

    /** Tries to get the present connection back from a worker that has not even looked at it. */
    void reclaim();

    /**
     * The worker leaves: hands nothing more, gives back what is certain not to have been taken,
     * closes when it can.
     */
    void retire();

    /** See {@link ListenHandle#channelClosed}. After {@link #retire}. */
    void channelClosed();

    /** See {@link ListenHandle#processEnded}. */
    void processEnded();
}
