package dev.prefork.end;

import dev.prefork.posix.Orphans;
import dev.prefork.posix.PosixException;

import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * What is expected of pid 1, as which prefork runs in a container without an init: it frees the
 * pids of ended processes whose parents have gone.
 */
public final class FirstProcess {
    private static final int FIRST = 1;

    private FirstProcess() {}

    /** Does it from now on, if this process is the first. */
    public static void beIt() {
        if (ProcessHandle.current().pid() == FIRST) {
            Orphans orphans = new Orphans();
            var _ =
                    Executors.newSingleThreadScheduledExecutor(
                                    Thread.ofPlatform().name("prefork-orphans").daemon().factory())
                            .scheduleWithFixedDelay(() -> look(orphans), 1, 1, TimeUnit.SECONDS);
        }
    }

    private static void look(Orphans orphans) {
        try {
            orphans.look();
        } catch (PosixException notNow) {
            // Out of descriptors, for the moment: zombies can wait.
        }
    }
}
