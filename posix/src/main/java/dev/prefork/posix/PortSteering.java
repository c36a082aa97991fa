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

    /** Odd, with its bits spread: the high half of a product depends on all bits. */
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
     * As {@link #attach}, but who sends from one address and port reaches one socket, the same as
     * long as it is among those that get some, whatever becomes of the others.
     *
     * @param all how many sockets are bound to the port
     */
    public static void attachBySource(int socket, int all, int... numbers) throws PosixException {
        ClassicBpf program = new ClassicBpf().loadByte(IP_HEADER).shiftRight(4);
        // An IPv6 socket gets packets of both.
        program.ifEqual(IP6, sourceOfIp6(), sourceOfIp4());
        program.multiply(SPREADS).keep().shiftRight(16).remainder(all);
        for (int number : numbers) {
            program.endIfEqual(number, number);
        }
        // Of one that gets nothing: spread over those that do.
        program.loadKept().remainder(numbers.length);
        int last = numbers.length - 1;
        for (int i = 0; i < last; i++) {
            program.endIfEqual(i, numbers[i]);
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
