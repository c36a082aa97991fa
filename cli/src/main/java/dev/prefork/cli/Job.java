package dev.prefork.cli;

import dev.prefork.posix.PosixException;
import dev.prefork.posix.Signal;
import dev.prefork.posix.ThisProcess;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What this process is to a shell and its terminal, at one moment.
 *
 * @param group its process group: the job
 * @param hasTerminal whether it has a controlling terminal
 * @param foreground the group that the terminal's input is for
 */
record Job(int group, boolean hasTerminal, int foreground) {
    /** proc_pid_stat(5): pid (comm) state ppid pgrp session tty_nr tpgid. */
    private static final Pattern STAT =
            Pattern.compile("(?s).*\\) \\S \\d+ (\\d+) \\d+ (-?\\d+) (-?\\d+) .*");

    static Job ofThisProcess() {
        try {
            return parse(Files.readString(Path.of("/proc/self/stat")));
        } catch (IOException withoutProc) {
            return new Job(0, false, 0);
        }
    }

    static Job parse(String stat) {
        Matcher matcher = STAT.matcher(stat);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("/proc/self/stat says " + stat);
        }
        return new Job(
                Integer.parseInt(matcher.group(1)),
                !matcher.group(2).equals("0"),
                Integer.parseInt(matcher.group(3)));
    }

    /** As a shell's job is stopped by the system; SIGCONT lets it go on. */
    static void stopThisProcess() {
        send(Signal.SIGSTOP);
    }

    /** As a user does it by Ctrl-Z: the workers stop first. */
    static void suspendThisProcess() {
        send(Signal.SIGTSTP);
    }

    private static void send(Signal signal) {
        try {
            var _ = signal.send(ThisProcess.pid());
        } catch (PosixException impossible) {
            throw new IllegalStateException("cannot stop this process", impossible);
        }
    }

    /** Whether the system stops it when it reads from the terminal. */
    boolean isInBackground() {
        return hasTerminal && group != foreground;
    }
}
