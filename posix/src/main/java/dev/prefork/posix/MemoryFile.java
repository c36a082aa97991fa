package dev.prefork.posix;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file that is in memory only and never changes again: it lives for as long as somebody has it
 * open, whatever becomes of the file that it was copied from. Open it again as {@code
 * /proc/self/fd/n}.
 */
public final class MemoryFile {
    // <linux/memfd.h>
    private static final int MFD_CLOEXEC = 1;
    private static final int MFD_ALLOW_SEALING = 2;

    // <linux/fcntl.h>
    private static final int F_ADD_SEALS = 1033;
    private static final int F_SEAL_SEAL = 1;
    private static final int F_SEAL_SHRINK = 2;
    private static final int F_SEAL_GROW = 4;
    private static final int F_SEAL_WRITE = 8;

    private static final int BUFFER_BYTES = 64 << 10;

    private MemoryFile() {}

    /**
     * Copies a file.
     *
     * @throws PosixException EMFILE, ENOMEM when there is no room for it
     */
    public static Fd of(String name, Path content) throws IOException {
        try (InputStream bytes = Files.newInputStream(content)) {
            return of(name, bytes);
        }
    }

    /**
     * Copies a stream to its end.
     *
     * @param name for people who look into /proc, at most 249 bytes
     * @return a descriptor at the beginning of the file, owned by the caller
     */
    public static Fd of(String name, InputStream content) throws IOException {
        Fd file = open(name);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(BUFFER_BYTES);
            byte[] bytes = new byte[BUFFER_BYTES];
            for (int count = content.read(bytes); count >= 0; count = content.read(bytes)) {
                MemorySegment.copy(bytes, 0, buffer, ValueLayout.JAVA_BYTE, 0, count);
                write(file, buffer.address(), count);
            }
            int seals = F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;
            check(Syscall.FCNTL, file, Syscall.FCNTL.call(file.number(), F_ADD_SEALS, seals));
            check(Syscall.LSEEK, file, Syscall.LSEEK.call(file.number(), 0, 0));
            return file;
        } catch (IOException | RuntimeException | Error notCopied) {
            file.close();
            throw notCopied;
        }
    }

    private static Fd open(String name) throws PosixException {
        try (Arena arena = Arena.ofConfined()) {
            long fd =
                    Syscall.MEMFD_CREATE.call(
                            CString.of(name).in(arena).address(), MFD_CLOEXEC | MFD_ALLOW_SEALING);
            return Fd.owning((int) PosixException.check(Syscall.MEMFD_CREATE, name, fd));
        }
    }

    private static void write(Fd file, long address, int count) throws PosixException {
        for (int written = 0; written < count; ) {
            long result =
                    Syscall.WRITE.callUninterrupted(
                            file.number(), address + written, count - written, 0, 0);
            check(Syscall.WRITE, file, result);
            written += (int) result;
        }
    }

    private static void check(Syscall call, Fd file, long result) throws PosixException {
        PosixException.check(call, file, result);
    }
}
