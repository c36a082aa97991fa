package dev.prefork.posix;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What {@link ProcessStat} says of a process that does not change while it is in one state.
 *
 * @param state a letter
 * @param started in ticks since the machine's start: with the pid, no other process's
 */
record ProcessState(int pid, String state, int parent, int group, long started) {
    /**
     * Of all processes that can be seen.
     *
     * @throws PosixException EMFILE, or what keeps /proc from being read
     */
    static List<ProcessState> all() throws PosixException {
        List<ProcessState> all = new ArrayList<>();
        try (DirectoryStream<Path> processes =
                Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                read(process).ifPresent(all::add);
            }
            return all;
        } catch (IOException | DirectoryIteratorException unreadable) {
            PosixException failure = new PosixException("opendir", "/proc", Errno.EMFILE);
            failure.initCause(unreadable);
            throw failure;
        }
    }

    /** Empty when there is no such process. */
    static Optional<ProcessState> of(int pid) {
        return read(Path.of("/proc", String.valueOf(pid)));
    }

    private static Optional<ProcessState> read(Path process) {
        int pid = Integer.parseInt(process.getFileName().toString());
        return ProcessStat.of(process).map(stat -> of(pid, stat));
    }

    static ProcessState of(int pid, ProcessStat stat) {
        return new ProcessState(pid, stat.state(), stat.parent(), stat.group(), stat.started());
    }

    boolean isZombie() {
        return state.equals("Z");
    }

    boolean hasEnded() {
        return isZombie() || state.equals("X");
    }
}
