package dev.prefork.posix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

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
        Path named = Files.createTempFile("prefork-", ".copy");
        try {
            Files.copy(original, named, StandardCopyOption.REPLACE_EXISTING);
            return new UnnamedCopy(Descriptors.openToRead(named));
        } finally {
            Files.deleteIfExists(named);
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
