package dev.prefork.posix;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Text as the kernel has it: bytes without NUL, in no encoding that anybody promises. Command
 * lines, environments and paths are carried as these, so that what is not UTF-8 stays what it is.
 */
public final class CString {
    private final byte[] bytes;

    private CString(byte[] bytes) {
        this.bytes = bytes;
        for (byte b : bytes) {
            if (b == 0) {
                throw new IllegalArgumentException("NUL in " + toString().replace("\0", "\\0"));
            }
        }
    }

    /**
     * The text in UTF-8.
     *
     * @throws IllegalArgumentException when it contains NUL
     */
    public static CString of(String text) {
        return new CString(text.getBytes(UTF_8));
    }

    /**
     * These bytes, without their NUL at the end.
     *
     * @throws IllegalArgumentException when they contain NUL
     */
    public static CString of(byte[] bytes) {
        return new CString(bytes.clone());
    }

    /** The string at an address of native memory, up to its NUL. */
    static CString at(MemorySegment start) {
        return new CString(start.getString(0, ISO_8859_1).getBytes(ISO_8859_1));
    }

    /** A copy of the bytes, without NUL at the end. */
    public byte[] bytes() {
        return bytes.clone();
    }

    public int length() {
        return bytes.length;
    }

    /** With a NUL at the end. */
    MemorySegment in(SegmentAllocator allocator) {
        MemorySegment copy = allocator.allocate(bytes.length + 1L);
        MemorySegment.copy(bytes, 0, copy, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return copy;
    }

    /** This, the separator, and the other. */
    CString join(char separator, CString other) {
        byte[] joined = Arrays.copyOf(bytes, bytes.length + 1 + other.bytes.length);
        joined[bytes.length] = (byte) separator;
        System.arraycopy(other.bytes, 0, joined, bytes.length + 1, other.bytes.length);
        return new CString(joined);
    }

    /** The part from one index to another. */
    public CString slice(int from, int to) {
        return new CString(Arrays.copyOfRange(bytes, from, to));
    }

    /** Where the character, one of ASCII, is first; or −1. */
    public int indexOf(char character) {
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == character) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CString text && Arrays.equals(bytes, text.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** For people: as UTF-8, with a replacement for what is not. */
    @Override
    public String toString() {
        return new String(bytes, UTF_8);
    }
}
