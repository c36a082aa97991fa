package dev.prefork.drive;

import dev.prefork.supervise.WorkerEvent;

/**
 * What a {@link Driver} needs of a cluster: processes, which it knows by the cluster's id. What it
 * asks of a worker that has ended is not done. For the driver's thread.
 */
public interface Workers {
    /** A process that was started; its events follow. */
    record Started(int id, int pid) {}

    /** Who is told. Safe for any thread. */
    interface Listener {
        /**
         * Something happened to a worker.
         *
         * @param event not {@link WorkerEvent.Forked}, which is what {@link #fork} returns; {@link
         *     WorkerEvent.Exited} is the last
         */
        void happened(int id, WorkerEvent event);

        /** An event is lost by a fault: nobody can rely on any more. */
        void broken(Throwable fault);
    }

    /** Before the first fork. */
    void listen(Listener listener);

    /**
     * Starts a worker, which finds its slot's number in PREFORK_SLOT.
     *
     * @param generation what it is started with: the first of a generation reads everything anew,
     *     all others are started with the same
     * @throws RuntimeException for whatever reason there is none
     */
    Started fork(int slot, int generation);

    /** Of other generations nobody will be started any more. */
    void keepOnly(int generation);

    /** It takes no more connections, and ends when those that it has do. */
    void leave(int id);

    /**
     * Sends a signal.
     *
     * @param name such as {@code SIGTERM}
     */
    void signal(int id, String name);

    /**
     * Its worker listens on all that it is going to: what is open for the next beyond that is not
     * needed.
     */
    void settle(int slot);

    /** Nobody can connect any more; those who leave serve first who has connected. */
    void takeNoMore();

    /** No worker will be started in this slot any more: nothing stays open for the next. */
    void close(int slot);
}
