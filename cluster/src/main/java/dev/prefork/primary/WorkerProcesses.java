package dev.prefork.primary;

import dev.prefork.launch.Guardian;
import dev.prefork.launch.Launched;
import dev.prefork.loop.EventLoop;
import dev.prefork.loop.Timer;
import dev.prefork.posix.Child;
import dev.prefork.posix.Epoll;
import dev.prefork.posix.ExitStatus;
import dev.prefork.posix.Fd;
import dev.prefork.posix.PosixException;
import dev.prefork.posix.Signal;

import java.time.Duration;
import java.util.Optional;

/**
 * The processes of a worker: the one that was started and, where it leads a group, what that has
 * started (decision 0018). When the first ends, the rest gets SIGTERM, and SIGKILL if that takes
 * too long. The worker's end is told when all have ended, or when nobody has its channel any more:
 * what is left then serves nobody, and its successor need not wait. Belongs to the loop's thread.
 *
 * <pre>
 *   WHOLE ── the first has ended ──▶ REST ── all have ended ──▶ ENDED
 * </pre>
 */
final class WorkerProcesses {
    private enum State {
        WHOLE,
        REST,
        ENDED
    }

    /** Who is told, on the loop's thread. */
    interface Owner {
        /** The process that has joined has ended. */
        void serverEnded();

        /** The process that was started has ended, and something that it has started runs on. */
        void orphaned();

        void ended(ExitStatus status);

        void error(PosixException problem);
    }

    /** When /proc can't be read, or a descriptor is missing. */
    private static final Duration UNTIL_NEXT_LOOK = Duration.ofSeconds(1);

    /** How long a wrapper may go on by itself after its server: for what it does at the end. */
    private static final Duration WRAPPER_MAY_TAKE = Duration.ofSeconds(1);

    private final EventLoop loop;
    private final Child child;
    private final Optional<Guardian.Group> group;
    private final Duration stopTimeout;
    private final Owner owner;
    private State state = State.WHOLE;
    private Optional<ExitStatus> untold = Optional.empty();
    private EventLoop.Watch watch;
    private Optional<ProcessWatch> server = Optional.empty();
    private Optional<Timer> deadline = Optional.empty();

    private WorkerProcesses(EventLoop loop, Launched launched, Duration stopTimeout, Owner owner) {
        this.loop = loop;
        this.child = launched.child();
        this.group = launched.group();
        this.stopTimeout = stopTimeout;
        this.owner = owner;
    }

    /** Watches for their end. */
    static WorkerProcesses watch(
            EventLoop loop, Launched launched, Duration stopTimeout, Owner owner)
            throws PosixException {
        WorkerProcesses processes = new WorkerProcesses(loop, launched, stopTimeout, owner);
        processes.watch =
                loop.watch(
                        processes.child.descriptor(),
                        Epoll.READABLE,
                        _ -> processes.firstMayHaveEnded());
        return processes;
    }

    /** Nothing is told any more: this cannot be a worker. */
    void forget() throws PosixException {
        watch.cancel();
    }

    /** Whether the process that was started has ended. */
    boolean firstHasEnded() {
        return state != State.WHOLE;
    }

    /**
     * It is this process of the group that serves. When it ends and the wrapper goes on, that is
     * ended too: as it had been the first.
     */
    void serves(int pid) {
        if (state != State.WHOLE || server.isPresent() || pid == child.pid()) {
            return;
        }
        try {
            Optional<Fd> member =
                    group.isPresent() ? group.get().processes().member(pid) : Optional.empty();
            if (member.isPresent()) {
                server = Optional.of(watch(member.get(), this::serverHasEnded));
            }
        } catch (PosixException notNow) {
            owner.error(notNow);
        }
    }

    /** Whether a process below the one that was started has joined. */
    boolean areServed() {
        return server.isPresent();
    }

    private void serverHasEnded() {
        owner.serverEnded();
        if (state == State.WHOLE) {
            deadline = Optional.of(loop.schedule(WRAPPER_MAY_TAKE, this::endWrapper));
        }
    }

    private void endWrapper() {
        if (state == State.WHOLE && send(Signal.SIGTERM)) {
            deadline = Optional.of(loop.schedule(stopTimeout, () -> send(Signal.SIGKILL)));
        }
    }

    private void firstMayHaveEnded() {
        Optional<ExitStatus> how;
        try {
            how = child.reap();
        } catch (PosixException unknown) {
            owner.error(unknown);
            how = Optional.of(new ExitStatus.Unknown());
        }
        if (how.isPresent()) {
            untold = how;
            stopWatching();
            child.close();
            deadline.ifPresent(Timer::cancel);
            if (send(Signal.SIGTERM)) {
                state = State.REST;
                deadline = Optional.of(loop.schedule(stopTimeout, () -> send(Signal.SIGKILL)));
                owner.orphaned();
                watchTheRest();
            } else {
                end();
            }
        }
    }

    private void watchTheRest() {
        try {
            Optional<Fd> member = group.orElseThrow().processes().someMember();
            if (member.isEmpty()) {
                end();
            } else {
                var _ = watch(member.get(), this::watchTheRest);
            }
        } catch (PosixException notNow) {
            owner.error(notNow);
            loop.schedule(UNTIL_NEXT_LOOK, this::watchTheRest);
        }
    }

    private ProcessWatch watch(Fd process, Runnable ended) throws PosixException {
        return ProcessWatch.start(loop, process, ended, owner::error);
    }

    /** Else the descriptor, readable for ever, would keep the loop busy. */
    private void stopWatching() {
        try {
            watch.cancel();
        } catch (PosixException e) {
            // Closing the descriptor, which comes next, ends the watch as well.
            owner.error(e);
        }
    }

    private void end() {
        state = State.ENDED;
        deadline.ifPresent(Timer::cancel);
        server.ifPresent(ProcessWatch::close);
        group.ifPresent(Guardian.Group::gone);
        tellEnd();
    }

    /** Nobody has the worker's channel any more. */
    void channelClosed() {
        if (state == State.REST) {
            tellEnd();
        }
    }

    private void tellEnd() {
        Optional<ExitStatus> how = untold;
        untold = Optional.empty();
        how.ifPresent(owner::ended);
    }

    /**
     * To the process that was started, or to what is left of its group; SIGKILL to all at once.
     *
     * @return false when they have ended: a pid that is still ours cannot be another process's
     */
    boolean kill(Signal signal) {
        try {
            return switch (state) {
                case WHOLE -> child.reap().isEmpty() && sendWhole(signal);
                case REST -> send(signal);
                case ENDED -> false;
            };
        } catch (PosixException e) {
            owner.error(e);
            return false;
        }
    }

    private boolean sendWhole(Signal signal) throws PosixException {
        boolean toAll = signal == Signal.SIGKILL && send(signal);
        return toAll || signal.send(child.pid());
    }

    /** To the group, if there is one. */
    private boolean send(Signal signal) {
        try {
            return group.isPresent() && group.get().processes().send(signal);
        } catch (PosixException notOurs) {
            owner.error(notOurs);
            return false;
        }
    }
}
