package dev.prefork.supervise;

import java.time.Duration;
import java.util.List;

/** What people may want to know, without words. */
public sealed interface Notice {
    // All of them.

    /** How far the start has got: what was told of it before is not true any more. */
    sealed interface Progress extends Notice {}

    record Starting(int ready, int of) implements Progress {}

    /** All are ready, or something else goes on. */
    record NoMoreStarting() implements Progress {}

    record Serving(List<String> addresses, List<Who> workers) implements Notice {
        public Serving {
            addresses = List.copyOf(addresses);
            workers = List.copyOf(workers);
        }
    }

    record OneMore(int workers) implements Notice {}

    record OneFewer(int workers) implements Notice {}

    record Stopping(int workers) implements Notice {}

    record Stopped() implements Notice {}

    // One of them.

    /**
     * A worker is dead and will be replaced.
     *
     * @param pause until its successor is started
     */
    record WorkerDied(Who worker, End end, Duration pause) implements Notice {}

    /**
     * As many have died while they served as do not by accident; said once in that time.
     *
     * @param often how most of them ended
     */
    record DieOften(int deaths, Duration within, End often) implements Notice {}

    /** It ended by itself, and is not replaced. */
    record WorkerFinished(Who worker, End end, boolean hadListened) implements Notice {}

    /** Said once: a program that never listens shares nothing. */
    record NotListening(Who worker, Duration since) implements Notice {}

    record StillServes(Who worker, Duration since) implements Notice {}

    /** It still has connections, and the next one of its slot leaves already. */
    record MakesWay(Who worker) implements Notice {}

    record DoesNotEnd(Who worker, Duration since) implements Notice {}

    /** So many died before any of them had served; the last one, and why. */
    record GaveUp(int deaths, Who worker, End end, List<String> lastLines) implements Notice {
        public GaveUp {
            lastLines = List.copyOf(lastLines);
        }
    }

    // Reloads.

    record Reloading(int workers) implements Notice {}

    record Reloaded(List<Who> workers) implements Notice {
        public Reloaded {
            workers = List.copyOf(workers);
        }
    }

    /**
     * The old workers serve on.
     *
     * @param left how many have been replaced by then, and will be by those of before
     */
    record ReloadFailed(Failure failure, int left) implements Notice {}

    /** All are those of before the reload that failed. */
    record RolledBack(List<Who> workers) implements Notice {
        public RolledBack {
            workers = List.copyOf(workers);
        }
    }

    /** One that was to take a new one's place again is no good either: the new one stays. */
    record NotRolledBack(Failure failure) implements Notice {}

    /** Why a reload failed. */
    sealed interface Failure {
        record Died(Who worker, End end) implements Failure {}

        /**
         * On some of what the old one serves; none if that one has closed all, and this one listens
         * on nothing.
         */
        record DoesNotListen(Who worker, List<String> addresses, Duration within)
                implements Failure {
            public DoesNotListen {
                addresses = List.copyOf(addresses);
            }
        }
    }
}
