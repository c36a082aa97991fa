package dev.prefork.posix;

/**
 * Which of the sockets that listen on one port together (SO_REUSEPORT) gets the next connection:
 * else the kernel decides by the addresses of both ends, whoever is there to accept. Without any
 * privilege; source: socket(7), SO_ATTACH_REUSEPORT_CBPF. Safe for any thread.
 */
public final class PortSteering {
    private static final int SO_ATTACH_REUSEPORT_CBPF = 51;

    private static final long ALL_WORDS = 1L << 32;

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
}
