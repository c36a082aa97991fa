package dev.prefork.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;

/**
 * Writes a few bytes to a descriptor that may be blocking and that nobody may read, without waiting
 * for ever. All memory that it needs is there from the start. Belongs to one thread at a time.
 *
 * <p>Source: pipe(7), poll(2): a pipe is writable when there is room for PIPE_BUF bytes, and a
 * write of no more than those does not block then.
 */
public final class PatientWriter {
    /** PIPE_BUF of Linux. */
    public static final int MOST_BYTES = 4096;

    /** struct pollfd {@code {int fd; short events; short revents;}}. */
    private static final long POLLFD_BYTES = 8;

    private static final long TIMESPEC_BYTES = 16;
    private static final long POLLOUT = 4;

    private final int descriptor;
    private final MemorySegment pollfd = Arena.global().allocate(POLLFD_BYTES, 8);
    private final MemorySegment timespec = Arena.global().allocate(TIMESPEC_BYTES, 8);
    private final MemorySegment buffer = Arena.global().allocate(MOST_BYTES);

    public PatientWriter(int descriptor) {
        this.descriptor = descriptor;
        // Whatever classes it needs are loaded now.
        var _ = write(new byte[0], Duration.ZERO);
    }

    /**
     * Writes what there is room for, at most {@link #MOST_BYTES}.
     *
     * @return how many were written; 0 when there was no room for so long; or the negative errno
     */
    public int write(byte[] bytes, Duration patience) {
        // Both architectures are little-endian.
        pollfd.set(ValueLayout.JAVA_LONG, 0, Integer.toUnsignedLong(descriptor) | POLLOUT << 32);
        timespec.set(ValueLayout.JAVA_LONG, 0, patience.toSeconds());
        timespec.set(ValueLayout.JAVA_LONG, 8, patience.toNanosPart());
        long ready =
                Syscall.PPOLL.callUninterrupted(
                        pollfd.address(), 1, timespec.address(), 0, Long.BYTES);
        if (ready <= 0) {
            return (int) ready;
        }
        int count = Math.min(bytes.length, MOST_BYTES);
        MemorySegment.copy(bytes, 0, buffer, ValueLayout.JAVA_BYTE, 0, count);
        return (int) Syscall.WRITE.callUninterrupted(descriptor, buffer.address(), count, 0, 0);
    }
}
