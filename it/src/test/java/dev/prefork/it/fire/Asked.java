package dev.prefork.it.fire;

/**
 * A request and what became of it.
 *
 * @param isKept over a connection that had answered before
 * @param begunAt by System.nanoTime(), before it was connected or sent
 * @param nanos until its outcome
 * @param port the client's; 0 if it was not connected
 * @param pid who has answered, now or before over the same connection; 0 if nobody has
 * @param text the version that has answered, or what went wrong
 */
record Asked(
        Outcome outcome, boolean isKept, long begunAt, long nanos, int port, int pid, String text) {
    boolean isAnswered() {
        return outcome == Outcome.ANSWERED;
    }

    long endedAt() {
        return begunAt + nanos;
    }
}
