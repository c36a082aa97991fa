package dev.prefork.posix;

/**
 * What this process is to the kernel. {@link ProcessHandle#current} would start the JDK's reaper of
 * processes and, in a worker whose main has not run yet, fix what system properties say of it.
 */
public final class ThisProcess {
    // <linux/resource.h>
    private static final int PRIO_PROCESS = 0;

    private static final int LOWEST = 19;

    private ThisProcess() {}

    public static int pid() {
        return (int) Syscall.GETPID.call(0);
    }

    /** Lets all others have the processors first, as {@code nice -n 19} does; with its children. */
    public static void giveWay() {
        // It cannot fail: what is asked for is less.
        var _ = Syscall.SETPRIORITY.call(PRIO_PROCESS, 0, LOWEST);
    }
}
