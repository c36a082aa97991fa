package dev.prefork.posix;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What /proc/PID/stat says of a process. Source: proc(5).
 *
 * @param state a letter
 * @param started in ticks since the machine's start: with the pid, no other process's
 */
record ProcessState(int pid, String state, int parent, int group, long started) {
    // Behind the process's name, which may have spaces and brackets: state ppid pgrp … starttime
    private static final int STATE = 0;
    private static final int PARENT = 1;
    private static final int GROUP = 2;
    private static final int STARTED = 19;

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
        try {
            String stat = Files.readString(process.resolve("stat"), ISO_8859_1);
            return Optional.of(of(Integer.parseInt(process.getFileName().toString()), stat));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    static ProcessState of(int pid, String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", STARTED + 2);
        return new ProcessState(
                pid,
                fields[STATE],
                Integer.parseInt(fields[PARENT]),
                Integer.parseInt(fields[GROUP]),
                Long.parseLong(fields[STARTED]));
    }

    boolean isZombie() {
        return state.equals("Z");
    }

    boolean hasEnded() {
        return isZombie() || state.equals("X");
    }
}
