package dev.prefork;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The process of a worker. Node: {@code worker.process}, a ChildProcess in the primary, the global
 * process in the worker. Safe for any thread.
 */
public interface WorkerProcess {
    /** The process's number. */
    int pid();

    /**
     * Sends a signal, without disconnecting first.
     *
     * @param signal such as {@code SIGTERM}
     * @return false when the process has ended already
     * @throws IllegalArgumentException when there is no such signal
     */
    boolean kill(String signal);

    /** {@link #kill(String)} with SIGTERM. */
    default boolean kill() {
        return kill("SIGTERM");
    }

    // Its streams.

    /**
     * What the worker reads from its stdin; empty unless that is a pipe, see {@link
     * ClusterSettings#silent} and {@link ClusterSettings#stdio}. In a worker it is empty: there it
     * is System.in.
     */
    Optional<OutputStream> stdin();

    /**
     * What the worker writes to its stdout; empty unless that is a pipe. In a worker it is empty:
     * there it is System.out.
     */
    Optional<InputStream> stdout();

    /**
     * What the worker writes to its stderr; empty unless that is a pipe. In a worker it is empty:
     * there it is System.err.
     */
    Optional<InputStream> stderr();

    /**
     * The pipe at an index of {@link ClusterSettings#stdio}, which is the worker's descriptor of
     * that number; empty when there is none. In a worker: its end of an extra pipe, from 3 on, also
     * of one that a Node primary has opened.
     */
    Optional<StdioPipe> stdio(int index);

    // Its channel.

    /** True while messages can be sent; false at once after {@link #disconnect}. */
    boolean isConnected();

    /** As {@link Worker#send(Object)}. */
    boolean send(Object message);

    /** As {@link Worker#send(Object, Consumer)}. */
    boolean send(Object message, Consumer<Optional<Exception>> callback);

    /**
     * Closes the channel, without the graceful part of {@link Worker#disconnect}: a worker whose
     * channel closes so exits at once with code 0, and {@link Worker#exitedAfterDisconnect} is
     * false. What was sent before still arrives. Done already, it is an 'error' event.
     */
    void disconnect();

    /** How the process ended; empty while it runs. */
    Optional<Exit> exit();
}
