package dev.prefork.cli;

import dev.prefork.posix.UnnamedCopy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;
import java.util.Optional;

/**
 * A file or folder that the workers of a generation are started with, as it is when they begin.
 * Users replace it by switching a link or in its place; who is of this generation gets the one that
 * it was (SPEC F13). Safe for any thread.
 */
final class ProgramFile implements AutoCloseable {
    private record Seen(Path real, Object key, FileTime modified, long size) {
        static Seen of(Path named) throws IOException {
            Path real = named.toRealPath();
            BasicFileAttributes file = Files.readAttributes(real, BasicFileAttributes.class);
            // What is in a folder may come and go.
            return file.isDirectory()
                    ? new Seen(real, file.fileKey(), FileTime.fromMillis(0), 0)
                    : new Seen(real, file.fileKey(), file.lastModifiedTime(), file.size());
        }

        boolean isTheSameAs(Seen other) {
            return Objects.equals(key, other.key)
                    && modified.equals(other.modified)
                    && size == other.size;
        }

        static boolean is(Path named, Seen expected) {
            try {
                return of(named).isTheSameAs(expected);
            } catch (IOException gone) {
                return false;
            }
        }
    }

    private final String name;
    private final Path named;
    private final Seen seen;
    private Optional<UnnamedCopy> copy = Optional.empty(); // guarded by this
    private boolean closed; // guarded by this

    private ProgramFile(String name, Path named, Seen seen) {
        this.name = name;
        this.named = named;
        this.seen = seen;
    }

    /**
     * Empty when the name is no file's, but a class's or that of a command of the PATH.
     *
     * @param directory where a relative name begins
     */
    static Optional<ProgramFile> of(Path directory, String name) {
        try {
            Path named = directory.resolve(name);
            return Files.isRegularFile(named) || Files.isDirectory(named)
                    ? Optional.of(new ProgramFile(name, named, Seen.of(named)))
                    : Optional.empty();
        } catch (IOException | InvalidPathException noFile) {
            return Optional.empty();
        }
    }

    /** A sentence on what this one is beside the one of the generation before. */
    String comparedWith(ProgramFile before) {
        if (!seen.real.equals(before.seen.real)) {
            return "%s is now %s, it was %s".formatted(name, seen.real, before.seen.real);
        }
        return name
                + (seen.isTheSameAs(before.seen)
                        ? " is the same file as before"
                        : " is another file than before");
    }

    /** From now on a file can be replaced. Takes as long as it takes to copy it. */
    void keep() throws IOException {
        if (!Files.isRegularFile(seen.real)) {
            return;
        }
        UnnamedCopy made = UnnamedCopy.of(seen.real);
        synchronized (this) {
            if (closed || !Seen.is(seen.real, seen)) {
                made.close();
            } else {
                copy = Optional.of(made);
            }
        }
    }

    /** The name of what it was: its own, that of the release before, or that of the copy. */
    synchronized String asItWas() {
        if (Seen.is(named, seen)) {
            return name;
        }
        if (Seen.is(seen.real, seen)) {
            return seen.real.toString();
        }
        return copy.map(UnnamedCopy::path).map(Path::toString).orElse(name);
    }

    /** Nobody needs it any more. */
    @Override
    public synchronized void close() {
        closed = true;
        copy.ifPresent(UnnamedCopy::close);
        copy = Optional.empty();
    }
}
