package dev.prefork.posix;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A copy of a file that has no name in any folder: it is gone with its descriptor, whatever ends
 * this process. Other processes of the same user can open it for as long as this one has it.
 */
public final class UnnamedCopy implements AutoCloseable {
    private final Fd file;

    private UnnamedCopy(Fd file) {
        this.file = file;
    }

    /**
     * Copies it, to the folder of temporary files.
     *
     * @throws IOException when it cannot be read, or there is no room for it
     */
    public static UnnamedCopy of(Path original) throws IOException {
        UnnamedCopy copy = new UnnamedCopy(open(Path.of(System.getProperty("java.io.tmpdir"))));
        try (FileChannel from = FileChannel.open(original);
                FileChannel to = FileChannel.open(copy.path(), StandardOpenOption.WRITE)) {
            for (long at = 0, size = from.size(); at < size; ) {
                long count = from.transferTo(at, size - at, to);
                if (count <= 0) {
                    throw new EOFException(original + " became shorter while it was copied");
                }
                at += count;
            }
            return copy;
        } catch (IOException | RuntimeException | Error notCopied) {
            copy.close();
            throw notCopied;
        }
    }

    private static Fd open(Path folder) throws IOException {
        try {
            return Descriptors.openUnnamed(folder);
        } catch (PosixException onlyWithAName) {
            Path named = Files.createTempFile(folder, "prefork-", ".copy");
            try {
                return Descriptors.openToRead(named);
            } finally {
                Files.delete(named);
            }
        }
    }

    /** The name by which other processes can open it. */
    public Path path() {
        return Path.of(
                "/proc",
                String.valueOf(ProcessHandle.current().pid()),
                "fd",
                String.valueOf(file.number()));
    }

    @Override
    public void close() {
        file.close();
    }
}
