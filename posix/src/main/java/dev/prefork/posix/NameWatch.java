package dev.prefork.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A descriptor that is readable when a file has got or lost a name, until {@link #clear}. Source:
 * inotify(7).
 */
public final class NameWatch implements AutoCloseable {
    private static final int IN_CLOEXEC = 0x80000;
    private static final int IN_NONBLOCK = 0x800;

    /** The number of names is an attribute of a file. */
    private static final int IN_ATTRIB = 0x4;

    private static final int DISCARDED_BYTES = 4096;

    private final Fd fd;

    private NameWatch(Fd fd) {
        this.fd = fd;
    }

    /** Of the file that has this name now. */
    public static NameWatch open(UnixName name) throws PosixException {
        long opened = Syscall.INOTIFY_INIT1.call(IN_CLOEXEC | IN_NONBLOCK);
        Fd fd = Fd.owning((int) PosixException.check(Syscall.INOTIFY_INIT1, name, opened));
        try (Arena arena = Arena.ofConfined()) {
            long watch = Syscall.INOTIFY_ADD_WATCH.call(fd.number(), name.path(arena), IN_ATTRIB);
            PosixException.check(Syscall.INOTIFY_ADD_WATCH, name, watch);
            return new NameWatch(fd);
        } catch (PosixException e) {
            fd.close();
            throw e;
        }
    }

    public int descriptor() {
        return fd.number();
    }

    /** What has happened is not told: a look at the names says it. */
    public void clear() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment discarded = arena.allocate(DISCARDED_BYTES);
            long count = DISCARDED_BYTES;
            while (count > 0) {
                count = Syscall.READ.call(fd.number(), discarded.address(), DISCARDED_BYTES);
            }
        }
    }

    @Override
    public void close() {
        fd.close();
    }
}
