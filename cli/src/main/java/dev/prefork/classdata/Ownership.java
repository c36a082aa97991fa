package dev.prefork.classdata;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whose files are. */
final class Ownership {
    /** Belongs to who we are. */
    private static final Path US = Path.of("/proc/self");

    private Ownership() {}

    /** Whether it belongs to the user that this process is. */
    static boolean isOurs(Path file) throws IOException {
        return Files.getOwner(file).equals(Files.getOwner(US));
    }
}
