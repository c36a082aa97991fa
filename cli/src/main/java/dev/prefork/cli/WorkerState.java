package dev.prefork.cli;

import static dev.prefork.cli.Effect.DISCONNECT;
import static dev.prefork.cli.Effect.FAIL;
import static dev.prefork.cli.Effect.FINISH;
import static dev.prefork.cli.Effect.FORGET_DEATHS;
import static dev.prefork.cli.Effect.FORK;
import static dev.prefork.cli.Effect.REPLACE;
import static dev.prefork.cli.Effect.SAY_THAT_IT_DOES_NOT_END;
import static dev.prefork.cli.Effect.SAY_THAT_IT_DOES_NOT_LISTEN;
import static dev.prefork.cli.Effect.SAY_THAT_IT_STILL_SERVES;
import static dev.prefork.cli.Effect.SUCCEED;
import static dev.prefork.cli.Effect.TERMINATE;

import java.util.List;

/**
 * The life of a worker, as a table: a state and an event give the next state and what to do.
 *
 * <pre>
 *   WAITING ──▶ STARTING ──▶ READY ──▶ DRAINING ──▶ STOPPING ──▶ KILLED ──▶ GONE
 *      └──────▶ TRIAL ────────┘└──▶ LOST ─────────────┘
 * </pre>
 *
 * A timer starts with each state that has a limit, and ends with it.
 */
enum WorkerState {
    /** No process yet: it is time for one when the timer is over. */
    WAITING,
    /** Its process runs and does not listen yet. */
    STARTING,
    /** As STARTING, in a reload: it must show that it can serve before another one goes for it. */
    TRIAL,
    /** It listens. */
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
     * @param effects in this order
     */
    record Step(WorkerState next, List<Effect> effects) {}

    /** The table. */
    Step on(WorkerEvent event) {
        return switch (this) {
            case WAITING ->
                    switch (event) {
                        case TIMEOUT -> to(STARTING, FORK);
                        case TRY -> to(TRIAL, FORK);
                        case LEAVE, KILL -> to(GONE);
                        case READY, DISCONNECTED, FINISHED, DIED, ADOPT -> stay();
                    };
            case STARTING ->
                    switch (event) {
                        case READY -> to(READY);
                        case DISCONNECTED -> to(LOST);
                        case FINISHED -> to(GONE, FINISH);
                        case DIED -> to(GONE, REPLACE);
                        case TIMEOUT -> to(STARTING, SAY_THAT_IT_DOES_NOT_LISTEN);
                        // It has no connection that could be waited for.
                        case LEAVE -> to(STOPPING, TERMINATE);
                        case KILL -> to(KILLED, Effect.KILL);
                        case TRY, ADOPT -> stay();
                    };
            case TRIAL ->
                    switch (event) {
                        case READY -> to(READY, SUCCEED);
                        case FINISHED, DIED -> to(GONE, FAIL);
                        case TIMEOUT -> to(KILLED, FAIL, Effect.KILL);
                        case ADOPT -> to(STARTING);
                        case LEAVE -> to(STOPPING, TERMINATE);
                        case KILL -> to(KILLED, Effect.KILL);
                        // Its end follows, which tells more.
                        case DISCONNECTED, TRY -> stay();
                    };
            case READY ->
                    switch (event) {
                        case DISCONNECTED -> to(LOST);
                        case FINISHED, DIED -> to(GONE, REPLACE);
                        case TIMEOUT -> to(READY, FORGET_DEATHS);
                        case LEAVE -> to(DRAINING, DISCONNECT);
                        case KILL -> to(KILLED, Effect.KILL);
                        case READY, TRY, ADOPT -> stay();
                    };
            case DRAINING ->
                    switch (event) {
                        case DISCONNECTED -> to(STOPPING);
                        case FINISHED, DIED -> to(GONE);
                        case TIMEOUT -> to(STOPPING, SAY_THAT_IT_STILL_SERVES, TERMINATE);
                        case KILL -> to(KILLED, Effect.KILL);
                        case READY, TRY, ADOPT, LEAVE -> stay();
                    };
            case STOPPING ->
                    switch (event) {
                        case FINISHED, DIED -> to(GONE);
                        case TIMEOUT -> to(KILLED, SAY_THAT_IT_DOES_NOT_END, Effect.KILL);
                        case KILL -> to(KILLED, Effect.KILL);
                        case READY, DISCONNECTED, TRY, ADOPT, LEAVE -> stay();
                    };
            case KILLED ->
                    switch (event) {
                        case FINISHED, DIED -> to(GONE);
                        case READY, DISCONNECTED, TIMEOUT, TRY, ADOPT, LEAVE, KILL -> stay();
                    };
            case LOST ->
                    switch (event) {
                        case FINISHED -> to(GONE, FINISH);
                        case DIED -> to(GONE, REPLACE);
                        case TIMEOUT -> to(LOST, SAY_THAT_IT_DOES_NOT_END, Effect.KILL);
                        case LEAVE -> to(STOPPING, TERMINATE);
                        case KILL -> to(KILLED, Effect.KILL);
                        case READY, DISCONNECTED, TRY, ADOPT -> stay();
                    };
            case GONE ->
                    switch (event) {
                        case READY,
                                DISCONNECTED,
                                FINISHED,
                                DIED,
                                TIMEOUT,
                                TRY,
                                ADOPT,
                                LEAVE,
                                KILL ->
                                stay();
                    };
        };
    }

    private static Step to(WorkerState next, Effect... effects) {
        return new Step(next, List.of(effects));
    }

    private Step stay() {
        return to(this);
    }

    /** Whether it is one of those that shall serve, now or soon. */
    boolean isCurrent() {
        return switch (this) {
            case WAITING, STARTING, READY, LOST -> true;
            case TRIAL, DRAINING, STOPPING, KILLED, GONE -> false;
        };
    }

    /** Whether there is a process. */
    boolean isAlive() {
        return switch (this) {
            case STARTING, TRIAL, READY, DRAINING, STOPPING, KILLED, LOST -> true;
            case WAITING, GONE -> false;
        };
    }
}
