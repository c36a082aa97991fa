package dev.prefork.listen;

import dev.prefork.ipc.Handle;
import dev.prefork.posix.PosixException;
import dev.prefork.wire.Grant;

import java.util.Optional;

/** The way of connections from one listen handle to one filler of a slot. */
sealed interface Lane permits FedLane, SharedLane {
    /**
     * What goes with the grant: a copy, the caller's from now on.
     *
     * @throws PosixException EMFILE, when there is no descriptor left for it
     */
    Optional<Handle> grantHandle() throws PosixException;

    /** What the filler is told of it. */
    Grant.Way way();

    /**
     * The filler leaves: nothing more goes this way, what is certain not to have been taken comes
     * back, and the lane closes when nothing is under way.
     */
    void retire();

    /**
     * The filler's channel is closed: what it was sent through it and has not acknowledged it never
     * will. After {@link #retire}.
     */
    void channelClosed();

    /**
     * Nobody is left at the other end: what was received and not acknowledged nobody else has.
     * After {@link #retire}.
     */
    void fillerGone();
}
