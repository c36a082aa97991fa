package dev.prefork.cli;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The working directory by the name that the shell has for it. When a link in that name is switched
 * to another release, this process stays in the old one; workers that are started then are to be in
 * the new one.
 */
final class WorkingDirectory {
    private WorkingDirectory() {}

    /** Empty when the name has no link in it, or the shell's is not this process's directory. */
    static Optional<Path> byItsLinks() {
        return byItsLinks(System.getenv("PWD"), Path.of(""));
    }

    static Optional<Path> byItsLinks(String shells, Path here) {
        try {
            if (shells == null || !shells.startsWith("/")) {
                return Optional.empty();
            }
            Path named = Path.of(shells);
            Path real = here.toRealPath();
            return named.toRealPath().equals(real) && !named.normalize().equals(real)
                    ? Optional.of(named)
                    : Optional.empty();
        } catch (IOException | InvalidPathException gone) {
            return Optional.empty();
        }
    }
}
