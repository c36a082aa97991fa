package dev.prefork.posix;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/**
 * A short line of ASCII at the beginning of a stream that is then used for something else: what
 * follows the line is not read.
 */
public final class Note {
    private Note() {}

    /**
     * Writes the line; at once, as the stream is new and there is room.
     *
     * @throws PosixException EPIPE when nobody will read it
     */
    public static void write(int descriptor, String text) throws PosixException {
        byte[] line = (text + "\n").getBytes(US_ASCII);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, line);
            long result =
                    Syscall.WRITE.callUninterrupted(descriptor, bytes.address(), line.length, 0, 0);
            if (PosixException.check(Syscall.WRITE, "fd " + descriptor, result) < line.length) {
                throw new PosixException("write", "fd " + descriptor, Errno.EAGAIN);
            }
        }
    }

    /**
     * Waits for the line, on a descriptor that blocks.
     *
     * @param most so many bytes at most
     * @return empty when the stream ends before the line does, or the line is longer
     */
    public static Optional<String> read(int descriptor, int most) throws PosixException {
        StringBuilder text = new StringBuilder();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment one = arena.allocate(1);
            while (text.length() < most) {
                long count = Syscall.READ.callUninterrupted(descriptor, one.address(), 1, 0, 0);
                if (PosixException.check(Syscall.READ, "fd " + descriptor, count) == 0) {
                    return Optional.empty();
                }
                char next = (char) one.get(ValueLayout.JAVA_BYTE, 0);
                if (next == '\n') {
                    return Optional.of(text.toString());
                }
                text.append(next);
            }
        }
        return Optional.empty();
    }
}
