package dev.prefork.bench;

import java.io.IOException;

/**
 * CPU that a primary itself needs while its workers answer so many connections: as many whatever
 * time they take, so that it is as warm with many workers as with few.
 */
final class PrimaryCpuRun {
    private static final int WARM_UP_CONNECTIONS = 40_000;
    private static final int CONNECTIONS = 40_000;
    private static final int AT_ONCE = 32;

    private PrimaryCpuRun() {}

    /** Of all these connections, user and system time. */
    static double micros(Side side, int workers) throws IOException {
        try (RunningResponder responder = RunningResponder.start(side, "rr", workers)) {
            var _ = Connections.open(responder.port(), WARM_UP_CONNECTIONS, AT_ONCE).millis();
            CpuTime before = CpuTime.of(responder.primary());
            var _ = Connections.open(responder.port(), CONNECTIONS, AT_ONCE).millis();
            return CpuTime.of(responder.primary()).microsSince(before);
        }
    }
}
