package dev.prefork.bench;

import java.io.IOException;
import java.util.Collection;
import java.util.Collections;

/** Connections over four workers, who are counted. */
final class BalanceRun {
    private static final int WORKERS = 4;
    private static final int CONNECTIONS = 20_000;
    private static final int AT_ONCE = 32;

    private BalanceRun() {}

    /** How many times the connections of the one with the fewest that with the most has. */
    static double mostByFewest(Side side) throws IOException {
        try (RunningResponder responder = RunningResponder.start(side, "rr", WORKERS)) {
            Collection<Long> counts =
                    Connections.open(responder.port(), CONNECTIONS, AT_ONCE)
                            .countsByWorker()
                            .values();
            if (counts.size() != WORKERS) {
                throw new IOException(counts.size() + " of " + WORKERS + " workers have answered");
            }
            return (double) Collections.max(counts) / Collections.min(counts);
        }
    }
}
