package dev.prefork.posix;

/**
 * A filter on a listening TCP socket that drops whoever begins to connect, and nothing else: who is
 * connected stays, and who is half-way there gets in. A client that was dropped tries again a
 * second later by itself, and then finds what has become of the port. Safe for any thread.
 */
public final class NoNewConnections {
    private static final int SO_ATTACH_FILTER = 26;
    private static final int SO_DETACH_FILTER = 27;

    // What the filter sees of a packet begins with the TCP header.
    private static final int FLAGS_OF_TCP = 13;
    private static final int SYN = 0x02;
    private static final int NOTHING = 0;
    private static final int ALL_OF_IT = -1;

    private NoNewConnections() {}

    /** From now on they are dropped. */
    public static void attach(int listener) throws PosixException {
        new ClassicBpf()
                .loadByte(FLAGS_OF_TCP)
                .skipOneIfBits(SYN)
                .end(ALL_OF_IT)
                .end(NOTHING)
                .attach(listener, SO_ATTACH_FILTER);
    }

    /** They get in again. */
    public static void detach(int listener) throws PosixException {
        ClassicBpf.detach(listener, SO_DETACH_FILTER);
    }
}
