package dev.prefork.it.fire;

/**
 * A request and what became of it.
 *
 * @param isKept over a connection that had answered before
 * @param begunAt by System.nanoTime(), before it was connected or sent
 * @param nanos until its outcome
 * @param port the client's; 0 if it was not connected
 * @param pid who has answered; 0 if nobody has
 * @param version that has answered
 */
record Asked(
        Outcome outcome,
        boolean isKept,
        long begunAt,
        long nanos,
        int port,
        int pid,
        String version) {
    boolean isAnswered() {
        return outcome == Outcome.ANSWERED;
    }

    long endedAt() {
        return begunAt + nanos;
    }
}
