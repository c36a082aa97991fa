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

    // Accumulator A, index register X.
    private static final int LOAD_WORD = 0x20;
    private static final int LOAD_HALF = 0x28;
    private static final int LOAD_BYTE = 0x30;
    private static final int LOAD_HALF_AT_X = 0x48;
    private static final int LOAD_X_FOUR_TIMES_LOW_BITS = 0xb1;
    private static final int COPY_TO_X = 0x07;
    private static final int MULTIPLY = 0x24;
    private static final int SHIFT_RIGHT = 0x74;
    private static final int XOR_X = 0xac;
    private static final int JUMP = 0x05;
    private static final int JUMP_IF_EQUAL = 0x15;
    private static final int JUMP_IF_NOT_LESS = 0x35;
    private static final int JUMP_IF_BITS = 0x45;
    private static final int RETURN = 0x06;

    /** Offsets from here on are of no byte of the packet. */
    private static final int ANCILLARY = -0x1000;

    private static final int RANDOM = 56;

    /** Offsets from here on are of the header of IP, wherever the packet begins. */
    static final int IP_HEADER = -0x100000;

    private record Instruction(int code, int ifTrue, int ifFalse, int value) {}

    private final List<Instruction> instructions = new ArrayList<>();

    /** A byte of the packet. */
    ClassicBpf loadByte(int at) {
        return add(LOAD_BYTE, 0, 0, at);
    }

    /** Two bytes of the packet. */
    ClassicBpf loadHalf(int at) {
        return add(LOAD_HALF, 0, 0, at);
    }

    /** Two bytes of the packet, X behind this. */
    ClassicBpf loadHalfAtX(int at) {
        return add(LOAD_HALF_AT_X, 0, 0, at);
    }

    /** Four bytes of the packet. */
    ClassicBpf loadWord(int at) {
        return add(LOAD_WORD, 0, 0, at);
    }

    /** 32 bits that are never the same. */
    ClassicBpf loadRandom() {
        return loadWord(ANCILLARY + RANDOM);
    }

    /** To X: the length in bytes that the low half of a byte of the packet says in words. */
    ClassicBpf loadLengthToX(int at) {
        return add(LOAD_X_FOUR_TIMES_LOW_BITS, 0, 0, at);
    }

    ClassicBpf copyToX() {
        return add(COPY_TO_X, 0, 0, 0);
    }

    ClassicBpf xorX() {
        return add(XOR_X, 0, 0, 0);
    }

    /** The low 32 bits of the product. */
    ClassicBpf multiply(int by) {
        return add(MULTIPLY, 0, 0, by);
    }

    ClassicBpf shiftRight(int bits) {
        return add(SHIFT_RIGHT, 0, 0, bits);
    }

    /** One program if what was loaded is this, else another; both go on behind both. */
    ClassicBpf ifEqual(int value, ClassicBpf then, ClassicBpf otherwise) {
        add(JUMP_IF_EQUAL, 0, then.instructions.size() + 1, value);
        instructions.addAll(then.instructions);
        add(JUMP, 0, 0, otherwise.instructions.size());
        instructions.addAll(otherwise.instructions);
        return this;
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
