package dev.prefork.primary;

import dev.prefork.Exit;
import dev.prefork.log.LazyLogger;

/**
 * Workers that end before they are online, one after the other: with a listener that forks for each
 * end there is no last one, so that it is said. A slot's are its supervisor's to tell. Belongs to
 * the event thread.
 */
final class StartsInVain {
    private static final LazyLogger LOG = new LazyLogger(StartsInVain.class);

    /** One may have been killed. */
    private static final int WORTH_A_WORD = 2;

    private int inARow;

    /**
     * Looks at what becomes of a worker. Any thread, before anything is told of it.
     *
     * @param what was started, in a few words
     */
    void watch(ForkedWorker worker, String what) {
        var _ = worker.events().online().add(_ -> inARow = 0);
        var _ = worker.events().exit().add(how -> ended(worker, what, how));
    }

    private void ended(ForkedWorker worker, String what, Exit how) {
        boolean inVain = !worker.events().online().hasHappened() && !worker.events().isLeaving();
        if (inVain && ++inARow == WORTH_A_WORD) {
            LOG.get()
                    .log(
                            System.Logger.Level.WARNING,
                            "two workers in a row ended before they were online; {0} says why,"
                                    + " and a listener that forks for each end goes on for ever"
                                    + " last={1} exit={2} command={3}",
                            worker.process().stderr().isPresent()
                                    ? "worker.process().stderr()"
                                    : "their stderr",
                            worker,
                            how,
                            what);
        }
    }
}
