package dev.prefork.cli;

import dev.prefork.posix.PosixException;
import dev.prefork.posix.ProcessStat;
import dev.prefork.posix.Signal;
import dev.prefork.posix.ThisProcess;

/**
 * What this process is to a shell and its terminal, at one moment.
 *
 * @param group its process group: the job
 * @param hasTerminal whether it has a controlling terminal
 * @param foreground the group that the terminal's input is for
 */
record Job(int group, boolean hasTerminal, int foreground) {
    static Job ofThisProcess() {
        return ProcessStat.ofThisProcess().map(Job::of).orElseGet(() -> new Job(0, false, 0));
    }

    static Job of(ProcessStat stat) {
        return new Job(stat.group(), stat.terminal() != 0, stat.foreground());
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
