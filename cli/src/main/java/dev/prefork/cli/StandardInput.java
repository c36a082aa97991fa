package dev.prefork.cli;

import dev.prefork.net.StandardInputSocket;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What this process reads. One worker alone reads it itself, as under {@code java}; several would
 * take it from each other, so that theirs stays open and says nothing.
 */
final class StandardInput {
    private StandardInput() {}

    /** Whether so many workers have it: a listening socket is there for all of them. */
    static boolean isFor(int workers) {
        return StandardInputSocket.listens() || (workers == 1 && canBeHandedOn());
    }

    /**
     * Whether a worker may have it. Not a terminal: the workers are no part of its foreground, and
     * the system stops whoever reads from it all the same.
     */
    private static boolean canBeHandedOn() {
        try {
            String what = Files.readSymbolicLink(Path.of("/proc/self/fd/0")).toString();
            return !what.startsWith("/dev/pts/") && !what.matches("/dev/(tty|console).*");
        } catch (IOException closed) {
            return false;
        }
    }
}
