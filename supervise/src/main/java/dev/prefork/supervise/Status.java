package dev.prefork.supervise;

import java.util.List;
import java.util.Optional;

/**
 * All that is known at a moment.
 *
 * @param desired how many workers shall serve
 * @param generation the current one, from 1; a reload begins the next
 * @param slots by number, with those that are closed and not empty yet
 * @param reload the one that goes on, else the last
 * @param ending whether all are to go
 */
public record Status(int desired, int generation, List<Slot> slots, Reload reload, boolean ending) {
    public Status {
        slots = List.copyOf(slots);
    }

    /**
     * A place for a worker.
     *
     * @param open whether it will be filled again
     * @param workers oldest first; none while it is empty
     * @param deaths in a row, of workers that had not served
     * @param lastEnd of a worker in it
     */
    public record Slot(
            int number, boolean open, List<Worker> workers, int deaths, Optional<Ended> lastEnd) {
        public Slot {
            workers = List.copyOf(workers);
        }
    }

    /**
     * A worker, or the one that a slot waits for.
     *
     * @param worker its number in {@link Action.Fork}
     * @param generation that it is of, or will be
     * @param addresses where it listens
     */
    public record Worker(
            int worker, Who who, int generation, WorkerState state, List<String> addresses) {
        public Worker {
            addresses = List.copyOf(addresses);
        }
    }

    /** The end of a worker. */
    public record Ended(Who worker, End end, List<String> lastLines) {
        public Ended {
            lastLines = List.copyOf(lastLines);
        }
    }

    /** What has become of the last reload. */
    public sealed interface Reload {
        record Never() implements Reload {}

        /**
         * It goes on.
         *
         * @param left how many slots are still to be filled anew
         */
        record InProgress(int left) implements Reload {}

        /**
         * One of the new ones failed, and those that had taken a place are replaced again.
         *
         * @param left how many those are
         */
        record RollingBack(Notice.Failure failure, int left) implements Reload {}

        record Succeeded() implements Reload {}

        record Failed(Notice.Failure failure) implements Reload {}

        /** The end came first. */
        record Abandoned() implements Reload {}
    }
}
