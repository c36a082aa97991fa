package dev.prefork.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
    private static final int CLIENTS = 32;
    private static final Pattern TOTAL = Pattern.compile("(\\d+) requests in ([\\d.]+)s");
    private static final Pattern ERRORS = Pattern.compile("Socket errors.*|Non-2xx.*");

    double connectionsPerSecond() {
        return connections / seconds;
    }

    double cpuMicrosPerConnection() {
        return cpuMicros / connections;
    }

    static LoadRun of(Side side) throws IOException, InterruptedException {
        int port = freePort();
        Process primary = side.start("Responder", String.valueOf(port));
        try {
            awaitWorkers(primary);
            wrk(port, WARM_UP_SECONDS);
            CpuTime before = CpuTime.ofTree(primary.toHandle());
            String report = wrk(port, MEASURED_SECONDS);
            CpuTime after = CpuTime.ofTree(primary.toHandle());
            Matcher errors = ERRORS.matcher(report);
            if (errors.find()) {
                System.err.println(side.name() + ": " + errors.group());
            }
            Matcher total = TOTAL.matcher(report);
            if (!total.find()) {
                throw new IOException("wrk said nothing that can be read: " + report);
            }
            return new LoadRun(
                    Long.parseLong(total.group(1)),
                    Double.parseDouble(total.group(2)),
                    after.microsSince(before));
        } finally {
            primary.destroy();
            primary.waitFor();
        }
    }

    private static int freePort() throws IOException {
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

    private static String wrk(int port, int seconds) throws IOException, InterruptedException {
        Process wrk = startWrk(port, seconds);
        StringBuilder report = new StringBuilder();
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(wrk.getInputStream(), StandardCharsets.UTF_8))) {
            lines.lines().forEach(line -> report.append(line).append('\n'));
        }
        wrk.waitFor();
        return report.toString();
    }

    private static Process startWrk(int port, int seconds) throws IOException {
        try {
            return new ProcessBuilder(
                            "wrk",
                            "-t1",
                            "-c" + CLIENTS,
                            "-d" + seconds + "s",
                            "-H",
                            "Connection: close",
                            "http://127.0.0.1:" + port + "/")
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            throw new IOException("wrk makes the load: install it, or put it on the PATH", e);
        }
    }
}
