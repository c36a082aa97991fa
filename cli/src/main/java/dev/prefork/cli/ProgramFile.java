package dev.prefork.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;
import java.util.Optional;

/**
 * The file that the workers are started with, as a user replaces it: through links, or in its
 * place. Safe for any thread.
 */
final class ProgramFile {
    private record Seen(Path real, Object key, FileTime modified) {
        static Seen of(Path named) throws IOException {
            Path real = named.toRealPath();
            BasicFileAttributes file = Files.readAttributes(real, BasicFileAttributes.class);
            return new Seen(real, file.fileKey(), file.lastModifiedTime());
        }

        boolean isTheSameAs(Seen other) {
            return Objects.equals(key, other.key) && modified.equals(other.modified);
        }
    }

    private final String name;
    private final Path named;
    private Seen last; // guarded by this

    private ProgramFile(String name, Path named, Seen first) {
        this.name = name;
        this.named = named;
        this.last = first;
    }

    /**
     * Empty when the program is no file, but a class or a command of the PATH.
     *
     * @param directory where a relative name begins
     */
    static Optional<ProgramFile> of(Path directory, String name) {
        try {
            Path named = directory.resolve(name);
            return Files.isRegularFile(named)
                    ? Optional.of(new ProgramFile(name, named, Seen.of(named)))
                    : Optional.empty();
        } catch (IOException | InvalidPathException noFile) {
            return Optional.empty();
        }
    }

    /** A sentence on what a worker that starts now would read, and what was read before. */
    synchronized String look() {
        Seen before = last;
        try {
            last = Seen.of(named);
        } catch (IOException gone) {
            return name + " is not there any more";
        }
        if (!last.real.equals(before.real)) {
            return "%s is now %s, it was %s".formatted(name, last.real, before.real);
        }
        return name
                + (last.isTheSameAs(before)
                        ? " is the same file as before"
                        : " is another file than before");
    }
}
