package dev.prefork.posix;

/**
 * A socket that a process is started with instead of an input, as inetd and systemd do it ({@link
 * System#inheritedChannel}).
 */
public final class StandardInputSocket {
    /** Where it is. */
    public static final int DESCRIPTOR = 0;

    private StandardInputSocket() {}

    /** Whether there is one that takes connections. */
    public static boolean listens() {
        try {
            return Sockets.option(DESCRIPTOR, Sockets.Option.LISTENING) != 0;
        } catch (PosixException noSocket) {
            return false;
        }
    }
}
