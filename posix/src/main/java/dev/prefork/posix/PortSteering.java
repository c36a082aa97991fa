package dev.prefork.posix;

import static dev.prefork.posix.ClassicBpf.IP_HEADER;

/**
 * Which of the sockets that are bound to one port together (SO_REUSEPORT) gets the next connection
 * or datagram: else the kernel decides by the addresses of both ends, whoever is there to take it.
 * Without any privilege; source: socket(7), SO_ATTACH_REUSEPORT_CBPF. Safe for any thread.
 */
public final class PortSteering {
    private static final int SO_ATTACH_REUSEPORT_CBPF = 51;

    private static final long ALL_WORDS = 1L << 32;

    // Offsets in the headers of IP; the source port is the first thing behind them.
    private static final int IP4_SOURCE = 12;
    private static final int IP6_SOURCE = 8;
    private static final int IP6_ADDRESS_BYTES = 16;
    private static final int IP6_LENGTH = 40;
    private static final int IP6 = 6;

    private static final int SHARES_BITS = 8;

    /** So many parts all senders are in, of about the same size. */
    public static final int SHARES = 1 << SHARES_BITS;

    /** Odd, with its bits spread: the highest bits of a product depend on all bits. */
    private static final int SPREADS = 0x9e3779b1;

    private PortSteering() {}

    /**
     * From now on one of these gets it, each as often as the others.
     *
     * @param socket one of the group
     * @param numbers of those that are to get some, counted from 0 in the order in which they began
     *     to listen; one at least
     */
    public static void attach(int socket, int... numbers) throws PosixException {
        ClassicBpf program = new ClassicBpf().loadRandom();
        int last = numbers.length - 1;
        for (int i = 0; i < last; i++) {
            long belowThis = ALL_WORDS * (i + 1) / numbers.length;
            program.skipOneIfNotLess((int) belowThis).end(numbers[i]);
        }
        program.end(numbers[last]).attach(socket, SO_ATTACH_REUSEPORT_CBPF);
    }

    /**
     * As {@link #attach}, but by who sends: a hash of the address and port names one of {@link
     * #SHARES} shares, and what is of a share goes to one socket.
     *
     * @param numbers for each share, where it goes
     */
    public static void attachBySource(int socket, int... numbers) throws PosixException {
        if (numbers.length != SHARES) {
            throw new IllegalArgumentException("numbers=" + numbers.length);
        }
        ClassicBpf program = new ClassicBpf().loadByte(IP_HEADER).shiftRight(4);
        // An IPv6 socket gets packets of both.
        program.ifEqual(IP6, sourceOfIp6(), sourceOfIp4());
        program.multiply(SPREADS).shiftRight(Integer.SIZE - SHARES_BITS);
        int last = SHARES - 1;
        for (int i = 0; i < last; i++) {
            if (numbers[i] != numbers[i + 1]) {
                program.skipOneIfNotLess(i + 1).end(numbers[i]);
            }
        }
        program.end(numbers[last]).attach(socket, SO_ATTACH_REUSEPORT_CBPF);
    }

    /** Loads the sender's address and port, folded to 32 bits. */
    private static ClassicBpf sourceOfIp6() {
        ClassicBpf program = new ClassicBpf().loadHalf(IP_HEADER + IP6_LENGTH);
        for (int at = 0; at < IP6_ADDRESS_BYTES; at += Integer.BYTES) {
            program.copyToX().loadWord(IP_HEADER + IP6_SOURCE + at).xorX();
        }
        return program;
    }

    private static ClassicBpf sourceOfIp4() {
        return new ClassicBpf()
                .loadLengthToX(IP_HEADER)
                .loadHalfAtX(IP_HEADER)
                .copyToX()
                .loadWord(IP_HEADER + IP4_SOURCE)
                .xorX();
    }
}
