package dev.prefork.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Forks one worker after the other in one primary and takes the time until each is online. */
final class ForkRun {
    private ForkRun() {}

    static double medianMillis(Side side) throws IOException, InterruptedException {
        Process primary = side.start("ForkOnline");
        try {
            List<Double> millis =
                    primary.inputReader(StandardCharsets.UTF_8)
                            .lines()
                            .map(Double::valueOf)
                            .toList();
            return Median.of(millis);
        } finally {
            primary.destroy();
            primary.waitFor();
        }
    }
}
