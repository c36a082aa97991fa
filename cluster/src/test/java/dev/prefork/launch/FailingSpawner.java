package dev.prefork.launch;

import dev.prefork.posix.Child;
import dev.prefork.posix.Credentials;
import dev.prefork.posix.PosixException;
import dev.prefork.posix.Spawn;

import java.util.ArrayList;
import java.util.List;

/** Starts no process, remembers what was to be started, and fails with one errno. */
final class FailingSpawner implements Spawner {
    final List<Spawn> spawns = new ArrayList<>();
    final List<Credentials> credentials = new ArrayList<>();
    private final int errno;

    FailingSpawner(int errno) {
        this.errno = errno;
    }

    @Override
    public Child start(Spawn spawn, Credentials others) throws PosixException {
        spawns.add(spawn);
        credentials.add(others);
        throw new PosixException("posix_spawn", spawn.executable().toString(), errno);
    }
}
