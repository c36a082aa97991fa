package dev.prefork.launch;

import dev.prefork.posix.Child;
import dev.prefork.posix.Credentials;
import dev.prefork.posix.PosixException;
import dev.prefork.posix.Spawn;

/** Starts the process that was described: the one step that cannot be taken back. */
@FunctionalInterface
public interface Spawner {
    /** Real processes. A thread that has taken other credentials ends with its one task. */
    Spawner PROCESSES =
            (spawn, credentials) ->
                    spawn.start(credentials, Thread.ofPlatform().name("cluster-spawn")::start);

    /**
     * Starts one process.
     *
     * @return the caller's, to reap and to close
     * @throws PosixException when there is none then
     */
    Child start(Spawn spawn, Credentials credentials) throws PosixException;
}
