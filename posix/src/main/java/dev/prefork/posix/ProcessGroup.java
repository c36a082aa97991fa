package dev.prefork.posix;

import java.util.Optional;

/**
 * A child that leads a process group, and all that it has started and that has not left the group.
 * The kernel gives the leader's number to nobody else while the group has a member.
 *
 * @param leader its pid, which is the group's number
 */
public record ProcessGroup(int leader) {
    /**
     * Sends the signal to all members.
     *
     * @return false when there is none any more
     * @throws PosixException EPERM when all of them belong to somebody else
     */
    public boolean send(Signal signal) throws PosixException {
        if (leader <= 1) {
            // kill(2) takes -1 for every process there is.
            throw new IllegalStateException("leader=" + leader);
        }
        long result = Syscall.KILL.call(-leader, signal.number());
        if (result == -Errno.ESRCH) {
            return false;
        }
        PosixException.check(Syscall.KILL, "group " + leader + ", " + signal, result);
        return true;
    }

    /**
     * Some member that runs; zombies do not.
     *
     * @return its pidfd, which becomes readable when it has ended; the caller's
     * @throws PosixException EMFILE, or what keeps /proc from being read
     */
    public Optional<Fd> someMember() throws PosixException {
        for (ProcessState process : ProcessState.all()) {
            if (process.group() == leader && !process.hasEnded()) {
                Optional<Fd> member = open(process.pid());
                if (member.isPresent()) {
                    return member;
                }
            }
        }
        return Optional.empty();
    }

    /**
     * The member with this pid.
     *
     * @return its pidfd, as of {@link #someMember}; empty when there is no such member
     * @throws PosixException EMFILE
     */
    public Optional<Fd> member(int pid) throws PosixException {
        Optional<Fd> process = pid > 0 ? open(pid) : Optional.empty();
        // Looked at while it is held: its number is nobody else's by now, or it has ended.
        boolean isOurs =
                process.isPresent()
                        && ProcessState.of(pid)
                                .filter(state -> state.group() == leader)
                                .isPresent();
        if (isOurs) {
            return process;
        }
        process.ifPresent(Fd::close);
        return Optional.empty();
    }

    private static Optional<Fd> open(int pid) throws PosixException {
        long fd = Syscall.PIDFD_OPEN.call(pid, 0);
        if (fd == -Errno.ESRCH) {
            return Optional.empty();
        }
        PosixException.check(Syscall.PIDFD_OPEN, "pid " + pid, fd);
        return Optional.of(Fd.owning((int) fd));
    }
}
