package dev.prefork.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Messages between a primary and a worker.
 *
 * @param figures by the name of what was done: microseconds of a round trip, messages per second
 * @param cpuMicros user and system time of both processes meanwhile, by the same names
 */
record MessageRun(Map<String, Double> figures, Map<String, Double> cpuMicros) {
    private static final String BEGIN = "begin";

    double roundTripMicros() {
        return figures.get("rtt");
    }

    double perSecond(String direction) {
        return figures.get(direction);
    }

    double cpuMicrosPerMessage(String direction) {
        return cpuMicros.get(direction) / Messages.STREAM;
    }

    static MessageRun of(Side side) throws IOException, InterruptedException {
        Process primary = side.start("Messages");
        try (BufferedReader lines = primary.inputReader(StandardCharsets.UTF_8)) {
            MessageRun run = new MessageRun(new HashMap<>(), new HashMap<>());
            CpuTime before = new CpuTime(Map.of());
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.split(" ", 2);
                CpuTime now = CpuTime.ofTree(primary.toHandle());
                if (!words[0].equals(BEGIN)) {
                    run.figures.put(words[0], Double.valueOf(words[1]));
                    run.cpuMicros.put(words[0], now.microsSince(before));
                }
                before = now;
            }
            if (run.figures.size() < 3) {
                throw new IOException(side.name() + " sent not all messages: " + run.figures);
            }
            return run;
        } finally {
            primary.destroy();
            primary.waitFor();
        }
    }
}
