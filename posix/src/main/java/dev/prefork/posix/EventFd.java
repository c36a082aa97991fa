package dev.prefork.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A descriptor that is readable from {@link #set} to {@link #clear}. Safe for any thread. */
public final class EventFd implements AutoCloseable {
    private static final int EFD_CLOEXEC = 0x80000;
    private static final int EFD_NONBLOCK = 0x800;
    private static final MemorySegment ONE = Arena.global().allocateFrom(ValueLayout.JAVA_LONG, 1);

    /** What is read is never looked at, so that all share one place for it. */
    private static final MemorySegment DISCARDED = Arena.global().allocate(ValueLayout.JAVA_LONG);

    private final Fd fd;

    private EventFd(Fd fd) {
        this.fd = fd;
    }

    public static EventFd open() throws PosixException {
        long fd = Syscall.EVENTFD2.call(0, EFD_CLOEXEC | EFD_NONBLOCK);
        return new EventFd(Fd.owning((int) PosixException.check(Syscall.EVENTFD2, "0", fd)));
    }

    public void set() {
        Syscall.WRITE.call(fd.number(), ONE.address(), 8);
    }

    public void clear() {
        Syscall.READ.call(fd.number(), DISCARDED.address(), 8);
    }

    public int descriptor() {
        return fd.number();
    }

    public boolean isOpen() {
        return fd.isOpen();
    }

    @Override
    public void close() {
        fd.close();
    }
}
