package dev.prefork.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;

/**
 * The end of a pipe, or a stream socket, that carries bytes only.
 *
 * <p>Owns its descriptor, which must be non-blocking, and two buffers of native memory. Belongs to
 * one thread at a time. Never blocks. Writing where nobody reads any more would raise SIGPIPE,
 * which every JVM ignores.
 */
public final class DescriptorStream implements AutoCloseable {
    /** Read nothing for now. */
    public static final int NOTHING = -Errno.EAGAIN;

    private final Fd fd;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment outgoing;
    private final MemorySegment incoming;
    private final ByteBuffer incomingBytes;

    /**
     * @param fd owned by this object from now on
     * @param bufferBytes the most that one call reads or writes
     */
    public DescriptorStream(Fd fd, int bufferBytes) {
        this.fd = fd;
        this.outgoing = arena.allocate(bufferBytes);
        this.incoming = arena.allocate(bufferBytes);
        this.incomingBytes = incoming.asByteBuffer().limit(0);
    }

    /**
     * Writes as many of the bytes as fit now, at most one buffer.
     *
     * @return how many bytes were taken, or a negative errno: EAGAIN when it is full, EPIPE or
     *     ECONNRESET when the other end is gone
     */
    public int write(byte[] bytes, int offset, int length) {
        int size = (int) Math.min(length, outgoing.byteSize());
        MemorySegment.copy(bytes, offset, outgoing, ValueLayout.JAVA_BYTE, 0, size);
        return (int) Syscall.WRITE.callUninterrupted(fd.number(), outgoing.address(), size, 0, 0);
    }

    /**
     * Reads what is there, at most one buffer.
     *
     * @return how many bytes, found in {@link #received}; 0 at the end of the stream; or a negative
     *     errno, {@link #NOTHING} when there is nothing now
     */
    public int read() {
        long size = incoming.byteSize();
        int count =
                (int) Syscall.READ.callUninterrupted(fd.number(), incoming.address(), size, 0, 0);
        incomingBytes.clear().limit(Math.max(count, 0));
        return count;
    }

    /** The bytes of the last {@link #read}, valid until the next one. */
    public ByteBuffer received() {
        return incomingBytes;
    }

    public int descriptor() {
        return fd.number();
    }

    @Override
    public void close() {
        if (fd.isOpen()) {
            fd.close();
            arena.close();
        }
    }
}
