package dev.prefork.cli;

import dev.prefork.posix.StandardInputSocket;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What this process reads. One worker alone reads it itself, as under {@code java}; several would
 * take it from each other, so that theirs stays open and says nothing.
 */
enum StandardInput {
    /** There is nothing to hand on. */
    CLOSED,
    /** Ours: the system lets a process read only while its group is in the foreground. */
    TERMINAL,
    /** A file, a pipe, or a terminal that has no foreground for us. */
    OPEN,
    /** A listening socket, which is there for all workers. */
    LISTENING;

    /** Whether so many workers have it. */
    boolean isFor(int workers) {
        return this == LISTENING || (workers == 1 && this != CLOSED);
    }

    static StandardInput ofThisProcess() {
        if (StandardInputSocket.listens()) {
            return LISTENING;
        }
        try {
            String what = Files.readSymbolicLink(Path.of("/proc/self/fd/0")).toString();
            boolean isTerminal =
                    what.startsWith("/dev/pts/") || what.matches("/dev/(tty|console).*");
            return isTerminal && Job.ofThisProcess().hasTerminal() ? TERMINAL : OPEN;
        } catch (IOException closed) {
            return CLOSED;
        }
    }
}
