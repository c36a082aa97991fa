package dev.prefork.posix;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * An output that this process was started with: a write waits for a slow reader, also where the
 * descriptor is non-blocking. That flag belongs to the open file, so that whoever else has it, such
 * as a Node process, may set it at any time. Belongs to one thread at a time.
 *
 * <p>Source: write(2), poll(2).
 */
public final class BlockingOutput extends OutputStream {
    /** As much as a pipe takes at once. */
    private static final int BUFFER_BYTES = 64 * 1024;

    private static final int POLLFD_BYTES = 8;
    private static final long POLLOUT = 4;

    private static final long KERNEL_SIGSET_BYTES = 8;
    private static final long SIG_BLOCK = 0;
    private static final long SIG_SETMASK = 2;

    /** A null pointer to a timespec. */
    private static final long FOR_EVER = 0;

    private final int descriptor;
    private final MemorySegment buffer = Arena.ofAuto().allocate(BUFFER_BYTES);
    private final MemorySegment pollfd = Arena.ofAuto().allocate(POLLFD_BYTES, Long.BYTES);
    private final MemorySegment stops = Arena.ofAuto().allocate(KERNEL_SIGSET_BYTES, Long.BYTES);
    private final MemorySegment before = Arena.ofAuto().allocate(KERNEL_SIGSET_BYTES, Long.BYTES);

    /**
     * Writes to a descriptor.
     *
     * @param descriptor borrowed for as long as anything is written
     */
    public BlockingOutput(int descriptor) {
        this.descriptor = descriptor;
        stops.set(ValueLayout.JAVA_LONG, 0, 1L << (Signal.SIGTTOU.number() - 1));
        // Both architectures are little-endian.
        pollfd.copyFrom(
                MemorySegment.ofArray(
                        new long[] {Integer.toUnsignedLong(descriptor) | POLLOUT << Integer.SIZE}));
    }

    @Override
    public void write(int oneByte) throws IOException {
        write(new byte[] {(byte) oneByte});
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int end = offset + length;
        int from = offset;
        while (from < end) {
            int count = Math.min(end - from, BUFFER_BYTES);
            MemorySegment.copy(MemorySegment.ofArray(bytes), from, buffer, 0, count);
            from += writeSome(count);
        }
    }

    /**
     * As {@link #write(byte[], int, int)}, and no SIGTTOU comes of it: a terminal takes what is
     * written in the background by who has that signal blocked (tcsetattr(3), "tostop").
     */
    public void writeInBackground(byte[] bytes, int offset, int length) throws IOException {
        mask(SIG_BLOCK, stops, before);
        try {
            write(bytes, offset, length);
        } finally {
            mask(SIG_SETMASK, before, MemorySegment.NULL);
        }
    }

    /** Of the calling thread. */
    private static void mask(long how, MemorySegment signals, MemorySegment old)
            throws IOException {
        checked(
                Syscall.RT_SIGPROCMASK.call(
                        how, signals.address(), old.address(), KERNEL_SIGSET_BYTES));
    }

    private int writeSome(int count) throws IOException {
        while (true) {
            long written =
                    Syscall.WRITE.callUninterrupted(descriptor, buffer.address(), count, 0, 0);
            if (written != -Errno.EAGAIN) {
                return (int) checked(written);
            }
            checked(Syscall.PPOLL.callUninterrupted(pollfd.address(), 1, FOR_EVER, 0, Long.BYTES));
        }
    }

    /** As the JDK's streams say it. */
    private static long checked(long result) throws IOException {
        if (result < 0) {
            throw new IOException(Errno.text((int) -result));
        }
        return result;
    }
}
