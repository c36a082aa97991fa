package dev.prefork.posix;

import java.util.HashSet;
import java.util.Set;

/**
 * Processes that lost their parent and became children of this one, as it is the first of a
 * container (pid 1): nobody else frees their pids when they have ended.
 *
 * <p>Children of our own, and of the JVM's ProcessBuilder, are reaped the moment they end. Who is
 * there as a zombie at two looks is nobody's. Belongs to one thread at a time.
 */
public final class Orphans {
    private final int parent;
    private Set<ProcessState> seen = Set.of();

    /** Of this process. */
    public Orphans() {
        this(Math.toIntExact(ProcessHandle.current().pid()));
    }

    private Orphans(int parent) {
        this.parent = parent;
    }

    /**
     * Reaps those that had ended at the last look already; looks should be a second apart.
     *
     * @throws PosixException what keeps /proc from being read
     */
    public void look() throws PosixException {
        Set<ProcessState> zombies = new HashSet<>();
        for (ProcessState process : ProcessState.all()) {
            if (process.parent() == parent && process.isZombie()) {
                zombies.add(process);
            }
        }
        for (ProcessState zombie : zombies) {
            if (seen.contains(zombie)) {
                var _ = Child.wait(zombie.pid(), Child.WNOHANG);
            }
        }
        seen = zombies;
    }
}
