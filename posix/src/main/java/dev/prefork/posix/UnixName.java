package dev.prefork.posix;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The name of a Unix socket, as bytes: a path, or behind a NUL an abstract name, which is no file
 * and ends with its socket. What {@link java.net.UnixDomainSocketAddress} cannot say in every
 * locale, and not at all for abstract names.
 *
 * <p>An abstract name is as long as can be, its end NULs: libuv fills it up like that, so that no
 * other name is reached by a Node client (measured, v20).
 *
 * <p>Source: unix(7), stat(2), statx(2), include/uapi/linux/stat.h.
 */
public final class UnixName {
    /** A path without its NUL: char sun_path[108]. */
    public static final int MAX_BYTES = 107;

    private static final int PATH_OFFSET = 2;
    private static final int AT_FDCWD = -100;
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int STATX_BASIC_STATS = 0x7ff;

    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int O_PATH = 0x200000;
    private static final int O_CLOEXEC = 0x80000;

    // struct statx: u16 stx_mode; u64 stx_ino; u32 dev_major, minor.
    private static final long STATX_BYTES = 256;
    private static final long MODE = 28;
    private static final long INODE = 32;
    private static final long DEVICE_MAJOR = 136;
    private static final long DEVICE_MINOR = 140;

    /**
     * Which file a path leads to, not through a link.
     *
     * @param mode with the type of the file
     */
    public record File(long device, long inode, int mode) {
        private static final int PERMISSIONS = 07777;

        // S_IFMT and S_IFSOCK of <linux/stat.h>.
        private static final int TYPE = 0170000;
        private static final int SOCKET = 0140000;

        /** Whether it is the same file, whatever has changed in it. */
        public boolean isSameAs(File other) {
            return device == other.device && inode == other.inode;
        }

        public boolean isSocket() {
            return (mode & TYPE) == SOCKET;
        }

        /** Such as 0640. */
        public int permissions() {
            return mode & PERMISSIONS;
        }
    }

    private final byte[] bytes;

    private UnixName(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * A name in UTF-8.
     *
     * @throws PosixException EINVAL when there is a NUL in it behind the first byte, or nothing;
     *     ENAMETOOLONG
     */
    public static UnixName of(String name) throws PosixException {
        if (name.isEmpty() || name.equals("\0") || name.indexOf('\0', 1) > 0) {
            throw new PosixException("bind", name.replace("\0", "\\0"), Errno.EINVAL);
        }
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > MAX_BYTES) {
            throw new PosixException("bind", name.replace("\0", "\\0"), Errno.ENAMETOOLONG);
        }
        return new UnixName(bytes);
    }

    public boolean isAbstract() {
        return bytes[0] == 0;
    }

    /** Gives the socket this name. */
    public void bind(int socket) throws PosixException {
        PosixException.check(Syscall.BIND, this, withAddress(Syscall.BIND, socket));
    }

    /**
     * Connects a non-blocking socket.
     *
     * @return 0, or a negative errno: ECONNREFUSED when nobody listens there, ENOENT when there is
     *     no such file, EAGAIN when somebody listens whose backlog is full
     */
    public int connect(int socket) {
        return (int) withAddress(Syscall.CONNECT, socket);
    }

    private long withAddress(Syscall call, int socket) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment raw = arena.allocate(SocketAddresses.MAX_BYTES, 2);
            raw.set(ValueLayout.JAVA_SHORT, 0, (short) SocketAddresses.AF_UNIX);
            MemorySegment.copy(bytes, 0, raw, ValueLayout.JAVA_BYTE, PATH_OFFSET, bytes.length);
            int length = PATH_OFFSET + (isAbstract() ? MAX_BYTES : bytes.length) + 1;
            return call.call(socket, raw.address(), length);
        }
    }

    /** The file of this path; empty when there is none, and for abstract names. */
    public Optional<File> file() {
        if (isAbstract()) {
            return Optional.empty();
        }
        try (Arena arena = Arena.ofConfined()) {
            return file(arena, AT_FDCWD, path(arena), AT_SYMLINK_NOFOLLOW);
        }
    }

    private static Optional<File> file(Arena arena, int folder, long path, int flags) {
        MemorySegment stat = arena.allocate(STATX_BYTES, 8);
        if (Syscall.STATX.call(folder, path, flags, STATX_BASIC_STATS, stat.address()) < 0) {
            return Optional.empty();
        }
        long major = Integer.toUnsignedLong(stat.get(ValueLayout.JAVA_INT, DEVICE_MAJOR));
        long minor = Integer.toUnsignedLong(stat.get(ValueLayout.JAVA_INT, DEVICE_MINOR));
        return Optional.of(
                new File(
                        major << 32 | minor,
                        stat.get(ValueLayout.JAVA_LONG, INODE),
                        Short.toUnsignedInt(stat.get(ValueLayout.JAVA_SHORT, MODE))));
    }

    /**
     * Sets the permissions of a file, and of no other that may have come in its place, such as a
     * link to somebody else's.
     *
     * @throws PosixException ESTALE when there is another one
     */
    public void permit(File which, int permissions) throws PosixException {
        try (Arena arena = Arena.ofConfined()) {
            long opened = Syscall.OPENAT.call(AT_FDCWD, path(arena), O_PATH | O_CLOEXEC, 0);
            try (Fd file = Fd.owning((int) PosixException.check(Syscall.OPENAT, this, opened))) {
                long itself = arena.allocateFrom("").address();
                Optional<File> found = file(arena, file.number(), itself, AT_EMPTY_PATH);
                if (found.filter(which::isSameAs).isEmpty()) {
                    throw new PosixException("chmod", toString(), Errno.ESTALE);
                }
                // A descriptor opened with O_PATH has no fchmod: open(2).
                long path = arena.allocateFrom("/proc/self/fd/" + file.number()).address();
                long result = Syscall.FCHMODAT.call(AT_FDCWD, path, permissions);
                PosixException.check(Syscall.FCHMODAT, this, result);
            }
        }
    }

    /** Removes the file; that there is none is no error. */
    public void remove() throws PosixException {
        try (Arena arena = Arena.ofConfined()) {
            long result = Syscall.UNLINKAT.call(AT_FDCWD, path(arena), 0);
            if (result != -Errno.ENOENT) {
                PosixException.check(Syscall.UNLINKAT, this, result);
            }
        }
    }

    /**
     * Another name in the same folder; it may be too long for a socket, but not for a file.
     *
     * @param before goes before its last part
     * @param after goes behind it
     */
    public UnixName beside(String before, String after) {
        int start = bytes.length;
        while (start > 0 && bytes[start - 1] != '/') {
            start--;
        }
        ByteArrayOutputStream beside = new ByteArrayOutputStream();
        beside.write(bytes, 0, start);
        beside.writeBytes(before.getBytes(StandardCharsets.UTF_8));
        beside.write(bytes, start, bytes.length - start);
        beside.writeBytes(after.getBytes(StandardCharsets.UTF_8));
        return new UnixName(beside.toByteArray());
    }

    /**
     * Gives this file another name as well.
     *
     * @throws PosixException EEXIST when that is taken, EPERM where files have one name alone
     */
    public void link(UnixName other) throws PosixException {
        try (Arena arena = Arena.ofConfined()) {
            long result =
                    Syscall.LINKAT.call(AT_FDCWD, path(arena), AT_FDCWD, other.path(arena), 0);
            PosixException.check(Syscall.LINKAT, other, result);
        }
    }

    long path(Arena arena) {
        MemorySegment path = arena.allocate(bytes.length + 1L);
        MemorySegment.copy(bytes, 0, path, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return path.address();
    }

    @Override
    public String toString() {
        return new String(bytes, StandardCharsets.UTF_8).replace('\0', '@');
    }
}
