package dev.prefork.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * A program of the classic packet filter, instruction by instruction; it runs in the kernel for
 * packets of a socket that it is attached to. Sources: linux/filter.h, linux/bpf_common.h.
 */
final class ClassicBpf {
    private static final int SOL_SOCKET = 1;

    // struct sock_filter { __u16 code; __u8 jt; __u8 jf; __u32 k; }
    private static final int INSTRUCTION_BYTES = 8;
    private static final int IF_TRUE = 2;
    private static final int IF_FALSE = 3;
    private static final int VALUE = 4;

    // struct sock_fprog { unsigned short len; struct sock_filter *filter; }
    private static final int PROGRAM_BYTES = 16;
    private static final int FILTER = 8;

    private static final int LOAD_WORD = 0x20;
    private static final int LOAD_BYTE = 0x30;
    private static final int JUMP_IF_NOT_LESS = 0x35;
    private static final int JUMP_IF_BITS = 0x45;
    private static final int RETURN = 0x06;

    /** What is loaded from here on is no packet's. */
    private static final int ANCILLARY = -0x1000;

    private static final int RANDOM = 56;

    private record Instruction(int code, int ifTrue, int ifFalse, int value) {}

    private final List<Instruction> instructions = new ArrayList<>();

    /** A byte of the packet. */
    ClassicBpf loadByte(int at) {
        return add(LOAD_BYTE, 0, 0, at);
    }

    /** 32 bits that are never the same. */
    ClassicBpf loadRandom() {
        return add(LOAD_WORD, 0, 0, ANCILLARY + RANDOM);
    }

    /** Goes on behind the next instruction if what was loaded has one of these bits. */
    ClassicBpf skipOneIfBits(int bits) {
        return add(JUMP_IF_BITS, 1, 0, bits);
    }

    /** Likewise, if it is this or more, both without a sign. */
    ClassicBpf skipOneIfNotLess(int value) {
        return add(JUMP_IF_NOT_LESS, 1, 0, value);
    }

    ClassicBpf end(int result) {
        return add(RETURN, 0, 0, result);
    }

    private ClassicBpf add(int code, int ifTrue, int ifFalse, int value) {
        instructions.add(new Instruction(code, ifTrue, ifFalse, value));
        return this;
    }

    /**
     * Attaches it in place of the one before.
     *
     * @param option of SOL_SOCKET, which says what for
     */
    void attach(int socket, int option) throws PosixException {
        try (Arena arena = Arena.ofConfined()) {
            int count = instructions.size();
            MemorySegment filter = arena.allocate((long) count * INSTRUCTION_BYTES, 4);
            for (int i = 0; i < count; i++) {
                Instruction each = instructions.get(i);
                long at = (long) i * INSTRUCTION_BYTES;
                filter.set(ValueLayout.JAVA_SHORT, at, (short) each.code());
                filter.set(ValueLayout.JAVA_BYTE, at + IF_TRUE, (byte) each.ifTrue());
                filter.set(ValueLayout.JAVA_BYTE, at + IF_FALSE, (byte) each.ifFalse());
                filter.set(ValueLayout.JAVA_INT, at + VALUE, each.value());
            }
            MemorySegment program = arena.allocate(PROGRAM_BYTES, 8);
            program.set(ValueLayout.JAVA_SHORT, 0, (short) count);
            program.set(ValueLayout.JAVA_LONG, FILTER, filter.address());
            set(socket, option, program);
        }
    }

    /** Takes away what was attached. */
    static void detach(int socket, int option) throws PosixException {
        try (Arena arena = Arena.ofConfined()) {
            set(socket, option, arena.allocate(4, 4));
        }
    }

    private static void set(int socket, int option, MemorySegment value) throws PosixException {
        long result =
                Syscall.SETSOCKOPT.call(
                        socket, SOL_SOCKET, option, value.address(), value.byteSize());
        PosixException.check(Syscall.SETSOCKOPT, "fd " + socket + ", filter", result);
    }
}
