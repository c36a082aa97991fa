package dev.prefork;

import java.util.Optional;

/**
 * The process of a worker. Node: {@code worker.process}, a ChildProcess in the primary, the global
 * process in the worker.
 */
public interface WorkerProcess {
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

    /** True while messages can be sent: see {@link Worker#isConnected}. */
    boolean isConnected();

    /** How the process ended; empty while it runs. */
    Optional<Exit> exit();
}
