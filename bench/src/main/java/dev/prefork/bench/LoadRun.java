package dev.prefork.bench;

import java.io.IOException;

/**
 * New connections against two workers of a bare responder: warmed up, then measured.
 *
 * @param connections that were answered
 * @param seconds that it took
 * @param cpuMicros user and system time that the primary and its workers used meanwhile
 */
record LoadRun(long connections, double seconds, double cpuMicros) {
    private static final int WORKERS = 2;
    private static final int WARM_UP_SECONDS = 5;
    private static final int MEASURED_SECONDS = 5;

    double connectionsPerSecond() {
        return connections / seconds;
    }

    double cpuMicrosPerConnection() {
        return cpuMicros / connections;
    }

    /**
     * On this side.
     *
     * @param policy the word for who chooses the worker of a connection
     */
    static LoadRun of(Side side, String policy) throws IOException, InterruptedException {
        try (RunningResponder responder = RunningResponder.start(side, policy, WORKERS)) {
            ProcessHandle primary = responder.primary();
            wrk(side, responder.port(), WARM_UP_SECONDS);
            CpuTime before = CpuTime.ofTree(primary);
            Wrk load = wrk(side, responder.port(), MEASURED_SECONDS);
            CpuTime after = CpuTime.ofTree(primary);
            return new LoadRun(load.requests(), load.seconds(), after.microsSince(before));
        }
    }

    private static Wrk wrk(Side side, int port, int seconds)
            throws IOException, InterruptedException {
        return Wrk.load(side.name(), port, seconds, "-H", "Connection: close");
    }
}
