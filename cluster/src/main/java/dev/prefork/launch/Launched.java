package dev.prefork.launch;

import dev.prefork.loop.StreamSocket;
import dev.prefork.posix.Child;
import dev.prefork.posix.Fd;
import dev.prefork.posix.PosixException;
import dev.prefork.posix.Signal;

import java.util.Map;
import java.util.Optional;

/**
 * A worker's process that has just been started. Whoever gets it owns the child, which must be
 * reaped, and every descriptor.
 *
 * @param child the process
 * @param group which it leads, if it has one of its own; {@link Guardian.Group#gone} once it is
 * @param channel our end of the channel: a stream socket, non-blocking
 * @param pipes our ends of its pipes, by the worker's descriptor number
 * @param what was started, in a few words, such as {@code java app.jar}
 * @param offered whether the channel is for a process below this one, which says so, see {@link
 *     JoinOffer}; else it is this one's
 * @param waits whether its debugger waits until no older worker runs in its slot
 */
public record Launched(
        Child child,
        Optional<Guardian.Group> group,
        Fd channel,
        Map<Integer, StreamSocket> pipes,
        String what,
        boolean offered,
        boolean waits) {
    /** Ends it at once, and closes all that came with it: it cannot be a worker. */
    public void abandon() {
        group.ifPresent(Launched::end);
        child.discard();
        channel.close();
        pipes.values().forEach(Stdio::close);
    }

    /**
     * Makes a worker of a spare.
     *
     * @return false when it cannot be one any more
     */
    public boolean appoint(Appointment appointment) {
        try {
            appointment.tell(channel.number());
            return true;
        } catch (PosixException gone) {
            return false;
        }
    }

    /** Nobody needs this spare; when it has ended, it is to be {@link #abandon abandoned}. */
    public void kill() {
        channel.close();
        try {
            var _ = Signal.SIGKILL.send(child.pid());
        } catch (PosixException notOurs) {
            // It has become another user's, and ends with its channel.
        }
    }

    private static void end(Guardian.Group group) {
        try {
            var _ = group.processes().send(Signal.SIGKILL);
        } catch (PosixException notOurs) {
            // It has become another user's.
        }
        group.gone();
    }
}
