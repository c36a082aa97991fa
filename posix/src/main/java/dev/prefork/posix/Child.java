package dev.prefork.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/**
 * A child process that was spawned and not yet reaped: its pid cannot be used again before {@link
 * #reap} has told its end.
 *
 * <p>Owns a pidfd, which becomes readable when the process has ended. Belongs to one thread at a
 * time.
 */
public final class Child implements AutoCloseable {
    static final int WNOHANG = 1;

    private final int pid;
    private final Fd pidfd;
    private Optional<ExitStatus> end = Optional.empty();

    Child(int pid, Fd pidfd) {
        this.pid = pid;
        this.pidfd = pidfd;
    }

    /**
     * Takes charge of a process that was just spawned; ends it if that fails.
     *
     * @throws PosixException ENOSYS before Linux 5.3, EMFILE
     */
    static Child open(int pid) throws PosixException {
        long fd = Syscall.PIDFD_OPEN.call(pid, 0);
        if (fd < 0) {
            Signal.SIGKILL.send(pid);
            wait(pid, 0);
        }
        return new Child(
                pid, Fd.owning((int) PosixException.check(Syscall.PIDFD_OPEN, "pid " + pid, fd)));
    }

    public int pid() {
        return pid;
    }

    /** Readable once the process has ended. */
    public int descriptor() {
        return pidfd.number();
    }

    /**
     * How the process ended ({@link ExitStatus.Unknown} if something else in this process, such as
     * a native library, has reaped it), and frees its pid; empty while it runs. Once told, the
     * answer stays the same.
     */
    public Optional<ExitStatus> reap() throws PosixException {
        // Asked again, the kernel might tell of a later child that was given the same pid.
        if (end.isEmpty()) {
            end = wait(pid, WNOHANG);
        }
        return end;
    }

    /** Ends the process at once, waits for that, and closes this: nobody has any use for it. */
    public void discard() {
        try {
            Signal.SIGKILL.send(pid);
            wait(pid, 0);
        } catch (PosixException alreadyReaped) {
            // Then there is nothing left to discard.
        }
        close();
    }

    /**
     * Only ever for a pid of our own: −1 would take the children of the JVM's ProcessBuilder away
     * from it.
     */
    static Optional<ExitStatus> wait(int pid, int options) throws PosixException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment status = arena.allocate(ValueLayout.JAVA_INT);
            long result = Syscall.WAIT4.callUninterrupted(pid, status.address(), options, 0, 0);
            if (result == -Errno.ECHILD) {
                // Its pidfd would stay readable for ever: it is at its end, whoever knows how.
                return Optional.of(new ExitStatus.Unknown());
            }
            PosixException.check(Syscall.WAIT4, "pid " + pid, result);
            return result == 0
                    ? Optional.empty()
                    : Optional.of(ExitStatus.ofWaitStatus(status.get(ValueLayout.JAVA_INT, 0)));
        }
    }

    @Override
    public void close() {
        pidfd.close();
    }
}
