package dev.prefork.supervise;

import java.time.Duration;

/** What a {@link Supervisor} wants done, in the order of the list. */
public sealed interface Action {
    /**
     * Start a process. Answer with {@link WorkerEvent.Forked} or {@link WorkerEvent.NotForked},
     * after the other actions of the list.
     *
     * @param worker a number that no other one has had
     * @param slot the place that it fills, alone or beside the one that it replaces; what belongs
     *     to one process goes by its number (SPEC F3)
     * @param generation what it is to be started with
     */
    record Fork(int worker, int slot, int generation) implements Action {}

    /** It shall end once its connections have. */
    record Disconnect(int worker) implements Action {}

    /**
     * Send a signal.
     *
     * @param name such as {@code SIGTERM}
     */
    record Signal(int worker, String name) implements Action {}

    /** Answer with {@link WorkerEvent.TimedOut}; it replaces the worker's last timer. */
    record StartTimer(int worker, WorkerState state, Duration time) implements Action {}

    /**
     * It has been asked to leave, and has so long for all of it. Answer with {@link
     * WorkerEvent.Overdue}; no other timer replaces this one.
     */
    record StartDeadline(int worker, Duration time) implements Action {}

    /** Answer with {@link Event.Settled} when nothing has started this again for a moment. */
    record StartSettling() implements Action {}

    /**
     * What its worker has not listened on in all this time it will not: what is open for the slot
     * beyond that is not needed.
     */
    record SettleSlot(int slot) implements Action {}

    /** Nobody will fill this slot any more; who does now goes on. */
    record CloseSlot(int slot) implements Action {}

    /**
     * All are about to go: nobody can connect any more, and who has connected reaches a worker
     * before it goes (SPEC F5).
     */
    record TakeNoMore() implements Action {}

    /** Stop this process, until somebody lets it go on. */
    record Suspend() implements Action {}

    /** Answer with {@link Event.Counted} after this time. */
    record StartCounting(Duration time) implements Action {}

    /** What other generations were started with is needed no more, but for those that live. */
    record KeepOnly(int generation) implements Action {}

    /** Something to tell people. */
    record Tell(Notice notice) implements Action {}

    /**
     * All is over.
     *
     * @param code for the process's end
     */
    record End(int code) implements Action {}
}
