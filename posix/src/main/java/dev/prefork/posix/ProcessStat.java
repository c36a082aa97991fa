package dev.prefork.posix;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A line of /proc/PID/stat. Source: proc_pid_stat(5).
 *
 * @param state a letter
 * @param terminal the controlling one; 0 for none
 * @param foreground the group that the terminal's input is for
 * @param started in ticks since the machine's start
 */
public record ProcessStat(
        String state, int parent, int group, int terminal, int foreground, long started) {
    // Behind the process's name: state ppid pgrp session tty_nr tpgid … starttime
    private static final int STATE = 0;
    private static final int PARENT = 1;
    private static final int GROUP = 2;
    private static final int TERMINAL = 4;
    private static final int FOREGROUND = 5;
    private static final int STARTED = 19;

    private static final String[] NONE = {};

    /** Of this process; empty where there is no /proc. */
    public static Optional<ProcessStat> ofThisProcess() {
        return of(Path.of("/proc/self"));
    }

    /**
     * Of another one; empty when it is gone.
     *
     * @param process its folder in /proc
     */
    static Optional<ProcessStat> of(Path process) {
        try {
            // The name is bytes of any kind.
            return Optional.of(parse(Files.readString(process.resolve("stat"), ISO_8859_1)));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    /** The name, in brackets, may have spaces and brackets itself. */
    public static ProcessStat parse(String line) {
        int name = line.lastIndexOf(") ");
        String[] fields = name < 0 ? NONE : line.substring(name + 2).split(" ", STARTED + 2);
        if (fields.length <= STARTED) {
            throw new IllegalArgumentException("/proc/PID/stat says " + line);
        }
        return new ProcessStat(
                fields[STATE],
                Integer.parseInt(fields[PARENT]),
                Integer.parseInt(fields[GROUP]),
                Integer.parseInt(fields[TERMINAL]),
                Integer.parseInt(fields[FOREGROUND]),
                Long.parseLong(fields[STARTED].strip()));
    }
}
