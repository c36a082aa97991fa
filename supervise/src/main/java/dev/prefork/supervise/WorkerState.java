package dev.prefork.supervise;

import static dev.prefork.supervise.Deed.BELIEVE;
import static dev.prefork.supervise.Deed.DISCONNECT;
import static dev.prefork.supervise.Deed.FAIL;
import static dev.prefork.supervise.Deed.FINISH;
import static dev.prefork.supervise.Deed.FORK;
import static dev.prefork.supervise.Deed.REPLACE;
import static dev.prefork.supervise.Deed.SAY_THAT_IT_DOES_NOT_END;
import static dev.prefork.supervise.Deed.SAY_THAT_IT_DOES_NOT_LISTEN;
import static dev.prefork.supervise.Deed.SAY_THAT_IT_MAKES_WAY;
import static dev.prefork.supervise.Deed.SAY_THAT_IT_STILL_SERVES;
import static dev.prefork.supervise.Deed.SETTLE;
import static dev.prefork.supervise.Deed.SUCCEED;
import static dev.prefork.supervise.Deed.TERMINATE;

import dev.prefork.supervise.Turn.Adopt;
import dev.prefork.supervise.Turn.Died;
import dev.prefork.supervise.Turn.Finished;
import dev.prefork.supervise.Turn.Hurry;
import dev.prefork.supervise.Turn.Kill;
import dev.prefork.supervise.Turn.Leave;
import dev.prefork.supervise.Turn.Ready;
import dev.prefork.supervise.Turn.StillStarts;
import dev.prefork.supervise.Turn.Try;
import dev.prefork.supervise.Turn.Unready;
import dev.prefork.supervise.WorkerEvent.Disconnected;
import dev.prefork.supervise.WorkerEvent.Overdue;
import dev.prefork.supervise.WorkerEvent.TimedOut;

import java.util.List;

/**
 * The life of a worker, as a table: a state and a {@link Turn} give the next state and what to do.
 *
 * <pre>
 *   WAITING ──▶ STARTING ──▶ READY ──▶ DRAINING ──▶ STOPPING ──▶ KILLED ──▶ GONE
 *      └─▶ TRIAL ◀─▶ PROBATION ─┘└──▶ LOST ───────────┘
 * </pre>
 *
 * A timer starts with each state that has a limit, and ends with it; another one with DRAINING or
 * STOPPING, whichever is first, for all of the leave.
 */
public enum WorkerState {
    /** No process yet: it is time for one when the timer is over. */
    WAITING,
    /** Its process runs and does not listen yet. */
    STARTING,
    /** As STARTING, in a reload: it must show that it can serve before another one goes for it. */
    TRIAL,
    /**
     * As READY, in a reload: it must go on so for a while before another one goes for it (SPEC
     * F13).
     */
    PROBATION,
    /** It listens, or has run for so long that it never will. */
    READY,
    /** It takes no more connections, and ends those that it has. */
    DRAINING,
    /** It has nothing to serve any more, and ends. */
    STOPPING,
    /** It got SIGKILL. */
    KILLED,
    /**
     * Its channel closed and nobody had asked it to go: it serves nobody, and is to be replaced.
     */
    LOST,
    /** Its process has ended. */
    GONE;

    /**
     * A cell of the table.
     *
     * @param deeds in this order
     */
    record Step(WorkerState next, List<Deed> deeds) {}

    /** The table. */
    Step on(Turn turn) {
        return switch (this) {
            case WAITING ->
                    switch (turn) {
                        case TimedOut _ -> to(STARTING, FORK);
                        case Try _ -> to(TRIAL, FORK);
                        case Leave _, Kill _ -> to(GONE);
                        case StillStarts _,
                                Ready _,
                                Unready _,
                                Disconnected _,
                                Overdue _,
                                Finished _,
                                Died _,
                                Adopt _,
                                Hurry _ ->
                                stay();
                    };
            case STARTING ->
                    switch (turn) {
                        case Ready _ -> to(READY);
                        case Disconnected _ -> to(LOST);
                        case Finished _ -> to(GONE, FINISH);
                        case Died _ -> to(GONE, REPLACE);
                        case TimedOut _ -> to(READY, SAY_THAT_IT_DOES_NOT_LISTEN);
                        case StillStarts _ -> to(STARTING, SAY_THAT_IT_DOES_NOT_LISTEN);
                        // It has no connection that could be waited for.
                        case Leave _ -> to(STOPPING, TERMINATE);
                        case Kill _ -> to(KILLED, Deed.KILL);
                        case Try _, Adopt _, Unready _, Hurry _, Overdue _ -> stay();
                    };
            case TRIAL ->
                    switch (turn) {
                        case Ready _ -> to(PROBATION);
                        case Finished _, Died _ -> to(GONE, FAIL);
                        // On some of its addresses it may serve.
                        case TimedOut _ -> to(DRAINING, FAIL, DISCONNECT);
                        case Adopt _ -> to(STARTING);
                        case Leave _ -> to(STOPPING, TERMINATE);
                        case Kill _ -> to(KILLED, Deed.KILL);
                        // Its end follows, which tells more.
                        case StillStarts _, Disconnected _, Try _, Unready _, Hurry _, Overdue _ ->
                                stay();
                    };
            case PROBATION ->
                    switch (turn) {
                        case TimedOut _ -> to(READY, SUCCEED);
                        case Unready _ -> to(TRIAL);
                        case Finished _, Died _ -> to(GONE, FAIL);
                        case Adopt _ -> to(READY);
                        case Leave _ -> to(DRAINING, DISCONNECT);
                        case Kill _ -> to(KILLED, Deed.KILL);
                        case StillStarts _, Ready _, Disconnected _, Try _, Hurry _, Overdue _ ->
                                stay();
                    };
            case READY ->
                    switch (turn) {
                        case Disconnected _ -> to(LOST);
                        case Finished _ -> to(GONE, FINISH);
                        case Died _ -> to(GONE, REPLACE);
                        case TimedOut _ -> to(READY, BELIEVE, SETTLE);
                        case Leave _ -> to(DRAINING, DISCONNECT);
                        case Kill _ -> to(KILLED, Deed.KILL);
                        case StillStarts _,
                                Ready _,
                                Unready _,
                                Try _,
                                Adopt _,
                                Hurry _,
                                Overdue _ ->
                                stay();
                    };
            case DRAINING ->
                    switch (turn) {
                        case Disconnected _ -> to(STOPPING);
                        case Finished _, Died _ -> to(GONE);
                        case TimedOut _ -> to(STOPPING, SAY_THAT_IT_STILL_SERVES, TERMINATE);
                        case Hurry _ -> to(STOPPING, SAY_THAT_IT_MAKES_WAY, TERMINATE);
                        case Overdue _ -> to(KILLED, SAY_THAT_IT_DOES_NOT_END, Deed.KILL);
                        case Kill _ -> to(KILLED, Deed.KILL);
                        case StillStarts _, Ready _, Unready _, Try _, Adopt _, Leave _ -> stay();
                    };
            case STOPPING ->
                    switch (turn) {
                        case Finished _, Died _ -> to(GONE);
                        case Overdue _ -> to(KILLED, SAY_THAT_IT_DOES_NOT_END, Deed.KILL);
                        case Kill _ -> to(KILLED, Deed.KILL);
                        case StillStarts _,
                                Ready _,
                                Unready _,
                                Disconnected _,
                                TimedOut _,
                                Try _,
                                Adopt _,
                                Leave _,
                                Hurry _ ->
                                stay();
                    };
            case KILLED ->
                    switch (turn) {
                        case Finished _, Died _ -> to(GONE);
                        case StillStarts _,
                                Ready _,
                                Unready _,
                                Disconnected _,
                                Overdue _,
                                TimedOut _,
                                Try _,
                                Adopt _,
                                Leave _,
                                Hurry _,
                                Kill _ ->
                                stay();
                    };
            case LOST ->
                    switch (turn) {
                        case Finished _ -> to(GONE, FINISH);
                        case Died _ -> to(GONE, REPLACE);
                        case TimedOut _ -> to(LOST, SAY_THAT_IT_DOES_NOT_END, Deed.KILL);
                        case Leave _ -> to(STOPPING, TERMINATE);
                        case Kill _ -> to(KILLED, Deed.KILL);
                        case StillStarts _,
                                Ready _,
                                Unready _,
                                Disconnected _,
                                Try _,
                                Adopt _,
                                Hurry _,
                                Overdue _ ->
                                stay();
                    };
            case GONE ->
                    switch (turn) {
                        case StillStarts _,
                                Ready _,
                                Unready _,
                                Disconnected _,
                                Overdue _,
                                Finished _,
                                Died _,
                                TimedOut _,
                                Try _,
                                Adopt _,
                                Leave _,
                                Hurry _,
                                Kill _ ->
                                stay();
                    };
        };
    }

    private static Step to(WorkerState next, Deed... deeds) {
        return new Step(next, List.of(deeds));
    }

    private Step stay() {
        return to(this);
    }

    /** Whether it is one of those that shall serve, now or soon. */
    boolean isCurrent() {
        return switch (this) {
            case WAITING, STARTING, READY, LOST -> true;
            case TRIAL, PROBATION, DRAINING, STOPPING, KILLED, GONE -> false;
        };
    }

    /** Whether it was asked to go, and its time runs. */
    boolean isLeaving() {
        return switch (this) {
            case DRAINING, STOPPING -> true;
            case WAITING, STARTING, TRIAL, PROBATION, READY, KILLED, LOST, GONE -> false;
        };
    }

    /** Whether there is a process. */
    boolean isAlive() {
        return switch (this) {
            case STARTING, TRIAL, PROBATION, READY, DRAINING, STOPPING, KILLED, LOST -> true;
            case WAITING, GONE -> false;
        };
    }
}
