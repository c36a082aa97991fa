package dev.prefork.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * New connections against two workers of a bare responder: warmed up, then measured.
 *
 * @param connections that were answered
 * @param seconds that it took
 * @param cpuMicros user and system time that the primary and its workers used meanwhile
 */
record LoadRun(long connections, double seconds, double cpuMicros) {
    private static final int WARM_UP_SECONDS = 5;
    private static final int MEASURED_SECONDS = 5;
    private static final String POLICY = "NODE_CLUSTER_SCHED_POLICY";

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
        int port = freePort();
        Process primary = side.start(Map.of(POLICY, policy), "Responder", String.valueOf(port));
        try {
            awaitWorkers(primary);
            wrk(side, port, WARM_UP_SECONDS);
            CpuTime before = CpuTime.ofTree(primary.toHandle());
            Wrk load = wrk(side, port, MEASURED_SECONDS);
            CpuTime after = CpuTime.ofTree(primary.toHandle());
            return new LoadRun(load.requests(), load.seconds(), after.microsSince(before));
        } finally {
            primary.destroy();
            primary.waitFor();
        }
    }

    static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    private static void awaitWorkers(Process primary) throws IOException {
        BufferedReader lines = primary.inputReader(StandardCharsets.UTF_8);
        for (int ready = 0; ready < 2; ready++) {
            String line = lines.readLine();
            if (line == null || !line.equals("listening")) {
                throw new IOException("the primary did not start: " + line);
            }
        }
    }

    private static Wrk wrk(Side side, int port, int seconds)
            throws IOException, InterruptedException {
        return Wrk.load(side.name(), port, seconds, "-H", "Connection: close");
    }
}
