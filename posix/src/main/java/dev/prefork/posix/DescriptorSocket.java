package dev.prefork.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;

/**
 * A Unix socket that carries bytes and, with them, descriptors (SCM_RIGHTS).
 *
 * <p>Owns its descriptor and two buffers of native memory. Belongs to one thread at a time. Never
 * blocks.
 */
public final class DescriptorSocket implements AutoCloseable {
    /** Received nothing for now. */
    public static final int NOTHING = -Errno.EAGAIN;

    /** Sends no descriptor. */
    public static final int NO_DESCRIPTOR = -1;

    // struct msghdr { void *name; socklen_t namelen; struct iovec *iov; size_t iovlen; void
    // *control; size_t controllen;
    //                 int flags; }, 64-bit.
    private static final long MSG_IOV = 16;
    private static final long MSG_IOVLEN = 24;
    private static final long MSG_CONTROL = 32;
    private static final long MSG_CONTROLLEN = 40;
    private static final long MSG_FLAGS = 48;
    private static final long MSG_SIZE = 56;

    // struct iovec { void *base; size_t len; }
    private static final long IOV_LEN = 8;
    private static final long IOV_SIZE = 16;

    // struct cmsghdr { size_t len; int level; int type; }, then the descriptors.
    private static final long CMSG_LEVEL = 8;
    private static final long CMSG_TYPE = 12;
    private static final long CMSG_DATA = 16;
    private static final long ONE_DESCRIPTOR_SPACE = 24;
    private static final int MAX_DESCRIPTORS = 8;
    private static final long CONTROL_SIZE = CMSG_DATA + 4L * MAX_DESCRIPTORS;

    private static final int SOL_SOCKET = 1;
    private static final int SCM_RIGHTS = 1;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int MSG_CMSG_CLOEXEC = 0x40000000;

    private final Fd fd;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment message = arena.allocate(MSG_SIZE, 8);
    private final MemorySegment vector = arena.allocate(IOV_SIZE, 8);
    private final MemorySegment control = arena.allocate(CONTROL_SIZE, 8);
    private final MemorySegment outgoing;
    private final MemorySegment incoming;
    private final ByteBuffer incomingBytes;
    private final int[] descriptors = new int[MAX_DESCRIPTORS];
    private int outgoingBytes;
    private int firstDescriptor;
    private int descriptorCount;

    /**
     * @param fd the socket, owned by this object from now on
     * @param bufferBytes the most that one call sends or receives
     */
    public DescriptorSocket(Fd fd, int bufferBytes) {
        this.fd = fd;
        this.outgoing = arena.allocate(bufferBytes);
        this.incoming = arena.allocate(bufferBytes);
        this.incomingBytes = incoming.asByteBuffer().limit(0);
        message.set(ValueLayout.ADDRESS, MSG_IOV, vector);
        message.set(ValueLayout.JAVA_LONG, MSG_IOVLEN, 1);
    }

    /**
     * Puts bytes behind those that the next {@link #send(int)} sends.
     *
     * @return how many there was room for, 0 when the buffer is full
     */
    public int put(byte[] bytes, int offset, int length) {
        int size = (int) Math.min(length, outgoing.byteSize() - outgoingBytes);
        MemorySegment.copy(bytes, offset, outgoing, ValueLayout.JAVA_BYTE, outgoingBytes, size);
        outgoingBytes += size;
        return size;
    }

    /** As {@link #put} and then {@link #send(int)}. */
    public int send(byte[] bytes, int offset, int length, int descriptor) {
        put(bytes, offset, length);
        return send(descriptor);
    }

    /**
     * Sends what was put, as much of it as fits now, by one call; the descriptor goes with the
     * first of the bytes and stays the caller's. Whatever becomes of them, they are forgotten here:
     * what was not taken is to be put again.
     *
     * @return how many bytes were taken, or a negative errno: EAGAIN when the socket is full, EPIPE
     *     or ECONNRESET when the other end is gone
     */
    public int send(int descriptor) {
        prepare(outgoing, outgoingBytes);
        outgoingBytes = 0;
        if (descriptor == NO_DESCRIPTOR) {
            message.set(ValueLayout.JAVA_LONG, MSG_CONTROL, 0);
            message.set(ValueLayout.JAVA_LONG, MSG_CONTROLLEN, 0);
        } else {
            control.set(ValueLayout.JAVA_LONG, 0, CMSG_DATA + 4);
            control.set(ValueLayout.JAVA_INT, CMSG_LEVEL, SOL_SOCKET);
            control.set(ValueLayout.JAVA_INT, CMSG_TYPE, SCM_RIGHTS);
            control.set(ValueLayout.JAVA_INT, CMSG_DATA, descriptor);
            message.set(ValueLayout.ADDRESS, MSG_CONTROL, control);
            message.set(ValueLayout.JAVA_LONG, MSG_CONTROLLEN, ONE_DESCRIPTOR_SPACE);
        }
        long flags = MSG_DONTWAIT | MSG_NOSIGNAL;
        return (int) Syscall.SENDMSG.callUninterrupted(fd.number(), message.address(), flags, 0, 0);
    }

    /**
     * Receives what is there, at most one buffer. What an earlier call brought is forgotten;
     * descriptors that nobody took are closed.
     *
     * @return how many bytes, found in {@link #received}; 0 at the end of the stream; or a negative
     *     errno, {@link #NOTHING} when there is nothing now
     */
    public int receive() {
        closeDescriptors();
        prepare(incoming, incoming.byteSize());
        message.set(ValueLayout.ADDRESS, MSG_CONTROL, control);
        message.set(ValueLayout.JAVA_LONG, MSG_CONTROLLEN, CONTROL_SIZE);
        long flags = MSG_DONTWAIT | MSG_CMSG_CLOEXEC;
        int count =
                (int)
                        Syscall.RECVMSG.callUninterrupted(
                                fd.number(), message.address(), flags, 0, 0);
        if (count >= 0) {
            readControl();
        }
        incomingBytes.clear().limit(Math.max(count, 0));
        return count;
    }

    /**
     * Whether the last {@link #receive} has brought all that was there then: it ends early behind
     * the bytes that a descriptor came with.
     */
    public boolean isDrained() {
        return descriptorCount == 0 && incomingBytes.limit() < incomingBytes.capacity();
    }

    /** The bytes of the last {@link #receive}, valid until the next one. */
    public ByteBuffer received() {
        return incomingBytes;
    }

    /**
     * The next descriptor that came with the last {@link #receive}, or null: also where the kernel
     * had to drop it, as this process has too many open.
     */
    public Fd takeDescriptor() {
        return firstDescriptor == descriptorCount
                ? null
                : Fd.owning(descriptors[firstDescriptor++]);
    }

    public int descriptor() {
        return fd.number();
    }

    public boolean isOpen() {
        return fd.isOpen();
    }

    @Override
    public void close() {
        if (fd.isOpen()) {
            closeDescriptors();
            fd.close();
            arena.close();
        }
    }

    private void prepare(MemorySegment buffer, long size) {
        vector.set(ValueLayout.ADDRESS, 0, buffer);
        vector.set(ValueLayout.JAVA_LONG, IOV_LEN, size);
        message.set(ValueLayout.JAVA_INT, MSG_FLAGS, 0);
    }

    private void readControl() {
        // We ask for no other control data, so that all that can be here is one SCM_RIGHTS message.
        long length = message.get(ValueLayout.JAVA_LONG, MSG_CONTROLLEN);
        if (length < CMSG_DATA
                || control.get(ValueLayout.JAVA_INT, CMSG_LEVEL) != SOL_SOCKET
                || control.get(ValueLayout.JAVA_INT, CMSG_TYPE) != SCM_RIGHTS) {
            return;
        }
        descriptorCount = (int) ((control.get(ValueLayout.JAVA_LONG, 0) - CMSG_DATA) / 4);
        for (int i = 0; i < descriptorCount; i++) {
            descriptors[i] = control.get(ValueLayout.JAVA_INT, CMSG_DATA + 4L * i);
        }
    }

    private void closeDescriptors() {
        for (Fd left = takeDescriptor(); left != null; left = takeDescriptor()) {
            left.close();
        }
        firstDescriptor = 0;
        descriptorCount = 0;
    }
}
