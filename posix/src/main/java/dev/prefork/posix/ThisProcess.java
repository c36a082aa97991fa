package dev.prefork.posix;

/**
 * What this process is to the kernel. {@link ProcessHandle#current} would start the JDK's reaper of
 * processes and, in a worker whose main has not run yet, fix what system properties say of it.
 */
public final class ThisProcess {
    private ThisProcess() {}

    public static int pid() {
        return (int) Syscall.GETPID.call(0);
    }
}
