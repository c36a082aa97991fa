package dev.prefork.posix;

import java.util.Optional;

/** A native library that waits for children which are not its own. */
public final class ReapedElsewhere {
    private static final int NO_OPTIONS = 0;

    private ReapedElsewhere() {}

    /** Ends the child and waits for it; whether its status was told here. */
    public static boolean killAndReap(int pid) throws PosixException {
        Signal.SIGKILL.send(pid);
        return !Child.wait(pid, NO_OPTIONS).equals(Optional.of(new ExitStatus.Unknown()));
    }
}
