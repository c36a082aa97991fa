package dev.prefork.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * A program that does one thing after the other, and prints {@code begin NAME} before and {@code
 * NAME FIGURE} after each.
 *
 * @param figures by these names
 * @param cpuMicros user and system time of all its processes meanwhile, by the same names
 */
record PhaseRun(Map<String, Double> figures, Map<String, Double> cpuMicros) {
    private static final String BEGIN = "begin";

    double figure(String name) throws IOException {
        return known(figures, name);
    }

    double cpuMicros(String name) throws IOException {
        return known(cpuMicros, name);
    }

    private static double known(Map<String, Double> all, String name) throws IOException {
        Double one = all.get(name);
        if (one == null) {
            throw new IOException("the program did not come to the end of " + name);
        }
        return one;
    }

    static PhaseRun of(Side side, String program) throws IOException, InterruptedException {
        Process primary = side.start(program);
        try (BufferedReader lines = primary.inputReader(StandardCharsets.UTF_8)) {
            PhaseRun run = new PhaseRun(new HashMap<>(), new HashMap<>());
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
            return run;
        } finally {
            primary.destroy();
            primary.waitFor();
        }
    }
}
