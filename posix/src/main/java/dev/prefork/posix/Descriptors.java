package dev.prefork.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/** What can be done to any descriptor, whatever it refers to. */
public final class Descriptors {
    // <asm-generic/fcntl.h>
    private static final int F_GETFD = 1;
    private static final int F_SETFD = 2;
    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;
    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int FD_CLOEXEC = 1;
    private static final int AT_FDCWD = -100;
    private static final int O_RDWR = 2;
    private static final int O_NONBLOCK = 0x800;
    private static final int O_TMPFILE =
            0x400000
                    | switch (Architecture.CURRENT) {
                        // O_DIRECTORY
                        case X86_64 -> 0x10000;
                        case AARCH64 -> 0x4000;
                    };
    private static final int OWNERS_ALONE = 0600;
    private static final int O_CLOEXEC = 0x80000;

    private Descriptors() {}

    static void close(int descriptor) {
        Syscall.CLOSE.call(descriptor);
    }

    /** As {@link #copy}, with a number from {@code lowest} on. */
    public static Fd duplicateAbove(int descriptor, int lowest) throws PosixException {
        long copy = Syscall.FCNTL.call(descriptor, F_DUPFD_CLOEXEC, lowest);
        if (copy == -Errno.EINVAL) {
            // No number from the lowest on is within the limit.
            copy = -Errno.EMFILE;
        }
        return Fd.owning((int) PosixException.check(Syscall.FCNTL, "fd " + descriptor, copy));
    }

    /** A pipe: the end to read from, the end to write to. Both blocking. */
    public static Fd[] pipe() throws PosixException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ends = arena.allocate(8, 4);
            long result = Syscall.PIPE2.call(ends.address(), O_CLOEXEC);
            PosixException.check(Syscall.PIPE2, "", result);
            return new Fd[] {
                Fd.owning(ends.get(ValueLayout.JAVA_INT, 0)),
                Fd.owning(ends.get(ValueLayout.JAVA_INT, 4))
            };
        }
    }

    /** Writes one byte, such as into a pipe that somebody is to read once. */
    public static void writeByte(int descriptor) throws PosixException {
        try (Arena arena = Arena.ofConfined()) {
            long result =
                    Syscall.WRITE.callUninterrupted(
                            descriptor, arena.allocate(1).address(), 1, 0, 0);
            PosixException.check(Syscall.WRITE, "fd " + descriptor, result);
        }
    }

    /**
     * Takes one byte; waits for it where the descriptor is a blocking one.
     *
     * @return false at the end
     */
    public static boolean readByte(int descriptor) throws PosixException {
        try (Arena arena = Arena.ofConfined()) {
            long result =
                    Syscall.READ.callUninterrupted(
                            descriptor, arena.allocate(1).address(), 1, 0, 0);
            return PosixException.check(Syscall.READ, "fd " + descriptor, result) == 1;
        }
    }

    /** /dev/null, for reading and writing. */
    public static Fd openNull() throws PosixException {
        return open("/dev/null", O_RDWR | O_CLOEXEC, 0);
    }

    /**
     * A new file without a name, which is gone with its last descriptor.
     *
     * @throws PosixException EOPNOTSUPP, EISDIR where the file system has none
     */
    static Fd openUnnamed(Path folder) throws PosixException {
        return open(folder.toString(), O_TMPFILE | O_RDWR | O_CLOEXEC, OWNERS_ALONE);
    }

    /** A file of this name. */
    static Fd openToRead(Path file) throws PosixException {
        return open(file.toString(), O_CLOEXEC, 0);
    }

    private static Fd open(String file, int flags, int mode) throws PosixException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment path = CString.of(file).in(arena);
            long fd = Syscall.OPENAT.call(AT_FDCWD, path.address(), flags, mode);
            return Fd.owning((int) PosixException.check(Syscall.OPENAT, file, fd));
        }
    }

    /** A second descriptor of the same open file. */
    public static Fd copy(int descriptor) throws PosixException {
        return duplicateAbove(descriptor, 3);
    }

    /**
     * Makes the target refer to the open file of the source, close-on-exec, as dup3(2) does. The
     * file that the target referred to is closed unless another descriptor refers to it.
     */
    public static void replace(int target, int source) throws PosixException {
        long result = Syscall.DUP3.call(source, target, O_CLOEXEC);
        PosixException.check(Syscall.DUP3, "fd " + source + ", fd " + target, result);
    }

    /**
     * Takes a descriptor that this process inherited: checks that it is open and makes it
     * close-on-exec.
     */
    public static Fd adopt(int descriptor) throws PosixException {
        long flags = Syscall.FCNTL.call(descriptor, F_GETFD, 0);
        PosixException.check(Syscall.FCNTL, "fd " + descriptor, flags);
        Syscall.FCNTL.call(descriptor, F_SETFD, flags | FD_CLOEXEC);
        return Fd.owning(descriptor);
    }

    /**
     * Sets or clears O_NONBLOCK, which belongs to the open file and so to every process that shares
     * it.
     */
    public static void setNonBlocking(int descriptor, boolean nonBlocking) throws PosixException {
        long flags = Syscall.FCNTL.call(descriptor, F_GETFL, 0);
        PosixException.check(Syscall.FCNTL, "fd " + descriptor, flags);
        long wanted = nonBlocking ? flags | O_NONBLOCK : flags & ~O_NONBLOCK;
        if (wanted != flags) {
            long result = Syscall.FCNTL.call(descriptor, F_SETFL, wanted);
            PosixException.check(Syscall.FCNTL, "fd " + descriptor, result);
        }
    }
}
