package dev.prefork.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The workers of a bare responder, all of which listen, until it is closed. */
record RunningResponder(Process process, int port) implements AutoCloseable {
    private static final String POLICY = "NODE_CLUSTER_SCHED_POLICY";

    /**
     * Waits until all listen.
     *
     * @param policy the word for who chooses the worker of a connection
     */
    static RunningResponder start(Side side, String policy, int workers) throws IOException {
        int port = freePort();
        RunningResponder responder =
                new RunningResponder(
                        side.start(Map.of(POLICY, policy), "Responder", "" + port, "" + workers),
                        port);
        try {
            responder.awaitWorkers(side.name(), workers);
            return responder;
        } catch (IOException notStarted) {
            responder.close();
            throw notStarted;
        }
    }

    static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    private void awaitWorkers(String name, int workers) throws IOException {
        BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        for (int ready = 0; ready < workers; ready++) {
            String line = lines.readLine();
            if (line == null || !line.equals("listening")) {
                throw new IOException(name + " did not start" + (line == null ? "" : ": " + line));
            }
        }
    }

    ProcessHandle primary() {
        return process.toHandle();
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
