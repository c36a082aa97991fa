package dev.prefork.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Forks one worker after the other in one primary and takes the time until each is online.
 *
 * @param millis of each fork
 * @param cpuMicros user and system time of the primary and all workers, until the last is online
 */
record ForkRun(List<Double> millis, double cpuMicros) {
    double medianMillis() {
        return Quantile.median(millis);
    }

    double cpuMillisPerFork() {
        return cpuMicros / 1000 / millis.size();
    }

    /**
     * Runs it.
     *
     * @param arguments what our side is told of the way in which its workers start
     */
    static ForkRun of(Side side, String... arguments) throws IOException, InterruptedException {
        Process primary = side.start("ForkOnline", arguments);
        try (BufferedReader lines = primary.inputReader(StandardCharsets.UTF_8)) {
            List<Double> millis = new ArrayList<>();
            double cpuMicros = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                millis.add(Double.valueOf(line));
                // At the last it is the whole; afterwards the primary is gone.
                cpuMicros = CpuTime.ofTree(primary.toHandle()).totalMicros();
            }
            if (millis.isEmpty()) {
                throw new IOException(side.name() + " forked nothing");
            }
            return new ForkRun(millis, cpuMicros);
        } finally {
            primary.destroy();
            primary.waitFor();
        }
    }
}
