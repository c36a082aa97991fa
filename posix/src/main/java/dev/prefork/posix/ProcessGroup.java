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
                long fd = Syscall.PIDFD_OPEN.call(process.pid(), 0);
                if (fd != -Errno.ESRCH) {
                    PosixException.check(Syscall.PIDFD_OPEN, "pid " + process.pid(), fd);
                    return Optional.of(Fd.owning((int) fd));
                }
            }
        }
        return Optional.empty();
    }
}
