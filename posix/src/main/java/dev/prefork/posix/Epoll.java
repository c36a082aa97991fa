package dev.prefork.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * An epoll instance: tells which of many descriptors are ready, and is itself a descriptor that can
 * be polled.
 *
 * <p>{@link #add}, {@link #change} and {@link #remove} are safe for any thread; {@link #await} is
 * for one thread at a time.
 */
public final class Epoll implements AutoCloseable {
    public static final int READABLE = 0x1;
    public static final int WRITABLE = 0x4;
    public static final int ERROR = 0x8;
    public static final int HANG_UP = 0x10;

    /** With others: each time that it becomes so is told once. */
    public static final int EDGE = 1 << 31;

    private static final int EPOLL_CLOEXEC = 0x80000;
    private static final int CTL_ADD = 1;
    private static final int CTL_DEL = 2;
    private static final int CTL_MOD = 3;
    private static final int MAX_EVENTS = 256;

    /**
     * struct epoll_event { uint32_t events; uint64_t data; }, packed on x86-64 only: offset of
     * data, size.
     */
    private record EventLayout(long data, long size) {}

    private static final EventLayout EVENT =
            switch (Architecture.CURRENT) {
                case X86_64 -> new EventLayout(4, 12);
                case AARCH64 -> new EventLayout(8, 16);
            };

    private final Fd fd;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment events = arena.allocate(EVENT.size() * MAX_EVENTS, 8);

    private Epoll(Fd fd) {
        this.fd = fd;
    }

    public static Epoll open() throws PosixException {
        long fd = Syscall.EPOLL_CREATE1.call(EPOLL_CLOEXEC);
        return new Epoll(Fd.owning((int) PosixException.check(Syscall.EPOLL_CREATE1, "", fd)));
    }

    /**
     * Begins to watch a descriptor.
     *
     * @param tag comes back with each event of this descriptor
     */
    public void add(int descriptor, int interest, long tag) throws PosixException {
        control(CTL_ADD, descriptor, interest, tag);
    }

    public void change(int descriptor, int interest, long tag) throws PosixException {
        control(CTL_MOD, descriptor, interest, tag);
    }

    public void remove(int descriptor) throws PosixException {
        control(CTL_DEL, descriptor, 0, 0);
    }

    private void control(int operation, int descriptor, int interest, long tag)
            throws PosixException {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment event = call.allocate(EVENT.size(), 8);
            event.set(ValueLayout.JAVA_INT_UNALIGNED, 0, interest);
            event.set(ValueLayout.JAVA_LONG_UNALIGNED, EVENT.data(), tag);
            long result =
                    Syscall.EPOLL_CTL.call(fd.number(), operation, descriptor, event.address());
            PosixException.check(Syscall.EPOLL_CTL, "fd " + descriptor, result);
        }
    }

    /**
     * Waits until something is ready.
     *
     * @param timeoutMillis −1 waits for ever, 0 not at all
     * @return how many events there are, to be read with {@link #events(int)} and {@link
     *     #tag(int)}; 0 when the time is over or a signal came
     */
    public int await(int timeoutMillis) throws PosixException {
        long count =
                Syscall.EPOLL_PWAIT.call(
                        fd.number(), events.address(), MAX_EVENTS, timeoutMillis, 0, 0);
        if (count == -Errno.EINTR) {
            return 0;
        }
        return (int) PosixException.check(Syscall.EPOLL_PWAIT, fd, count);
    }

    public int events(int index) {
        return events.get(ValueLayout.JAVA_INT_UNALIGNED, index * EVENT.size());
    }

    public long tag(int index) {
        return events.get(ValueLayout.JAVA_LONG_UNALIGNED, index * EVENT.size() + EVENT.data());
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
