package dev.prefork.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A filter on a listening TCP socket that drops whoever begins to connect, and nothing else: who is
 * connected stays, and who is half-way there gets in. A client that was dropped tries again a
 * second later by itself, and then finds what has become of the port. Safe for any thread.
 */
public final class NoNewConnections {
    private static final int SOL_SOCKET = 1;
    private static final int SO_ATTACH_FILTER = 26;
    private static final int SO_DETACH_FILTER = 27;

    // struct sock_filter { __u16 code; __u8 jt; __u8 jf; __u32 k; }, <linux/filter.h>; what it sees
    // of a packet begins with the TCP header.
    private static final int INSTRUCTION_BYTES = 8;
    private static final short LOAD_BYTE = 0x30;
    private static final short JUMP_IF_BITS = 0x45;
    private static final short RETURN = 0x06;
    private static final int FLAGS_OF_TCP = 13;
    private static final int SYN = 0x02;
    private static final int ALL_OF_IT = -1;

    private NoNewConnections() {}

    /** From now on they are dropped. */
    public static void attach(int listener) throws PosixException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment program = arena.allocate(4 * INSTRUCTION_BYTES, 4);
            instruction(program, 0, LOAD_BYTE, 0, FLAGS_OF_TCP);
            instruction(program, 1, JUMP_IF_BITS, 1, SYN);
            instruction(program, 2, RETURN, 0, 0);
            instruction(program, 3, RETURN, 0, ALL_OF_IT);
            // struct sock_fprog { unsigned short len; struct sock_filter *filter; }
            MemorySegment filter = arena.allocate(16, 8);
            filter.set(ValueLayout.JAVA_SHORT, 0, (short) 4);
            filter.set(ValueLayout.JAVA_LONG, 8, program.address());
            set(listener, SO_ATTACH_FILTER, filter, 16);
        }
    }

    /** They get in again. */
    public static void detach(int listener) throws PosixException {
        try (Arena arena = Arena.ofConfined()) {
            set(listener, SO_DETACH_FILTER, arena.allocate(4, 4), 4);
        }
    }

    private static void instruction(
            MemorySegment program, int index, short code, int skippedIfNot, int value) {
        long at = (long) index * INSTRUCTION_BYTES;
        program.set(ValueLayout.JAVA_SHORT, at, code);
        program.set(ValueLayout.JAVA_BYTE, at + 3, (byte) skippedIfNot);
        program.set(ValueLayout.JAVA_INT, at + 4, value);
    }

    private static void set(int listener, int option, MemorySegment value, int length)
            throws PosixException {
        long result =
                Syscall.SETSOCKOPT.call(listener, SOL_SOCKET, option, value.address(), length);
        PosixException.check(Syscall.SETSOCKOPT, "fd " + listener + ", filter", result);
    }
}
