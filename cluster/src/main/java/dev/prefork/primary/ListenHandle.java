package dev.prefork.primary;

import dev.prefork.ipc.Handle;
import dev.prefork.posix.PosixException;

import java.util.Map;

/**
 * The primary's object for one address that workers listen on; closes itself when the last worker
 * leaves it.
 */
sealed interface ListenHandle permits RoundRobinHandle, SharedHandle {
    /**
     * What a worker is answered.
     *
     * @param fields beside the key
     * @param handle goes with it, or null; a copy, for the channel to keep
     */
    record Admission(Map<String, Object> fields, Handle handle) {}

    boolean isMember(ForkedWorker worker);

    /**
     * A worker begins to listen here.
     *
     * @throws PosixException EMFILE, when there is no descriptor left for it
     */
    Admission add(ForkedWorker worker) throws PosixException;

    /** Called once the worker has been sent its admission. */
    void admitted(ForkedWorker worker);

    /**
     * A worker has left: it closed its server, disconnects or is gone.
     *
     * @return whether it was the last one, and this handle is now closed
     */
    boolean remove(ForkedWorker worker);

    /**
     * A worker's channel is closed: what it was sent through it and has not acknowledged it never
     * will.
     */
    void channelClosed(ForkedWorker worker);

    /** A worker's process has ended: what it had received and not acknowledged nobody else has. */
    void processEnded(ForkedWorker worker);

    /** Closes the address; connections that wait are dropped. */
    void close();
}
