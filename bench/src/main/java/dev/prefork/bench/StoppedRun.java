package dev.prefork.bench;

import java.io.IOException;
import java.util.List;

/** New connections at fixed times to four workers; then the same while one of them is stopped. */
final class StoppedRun {
    private static final int WORKERS = 4;
    private static final int WARM_UP_CONNECTIONS = 10_000;
    private static final int CONNECTIONS = 10_000;
    private static final int AT_ONCE = 32;

    /** A thousand in a second: three workers have time for all. */
    private static final long NANOS_APART = 1_000_000;

    private static final double QUANTILE = 0.999;

    private StoppedRun() {}

    /** The quotient of the two times below which all but one in a thousand are. */
    static double stoppedByUndisturbed(Side side) throws IOException, InterruptedException {
        try (RunningResponder responder = RunningResponder.start(side, "rr", WORKERS)) {
            int port = responder.port();
            var _ = Connections.open(port, WARM_UP_CONNECTIONS, AT_ONCE).millis();
            List<Double> undisturbed =
                    Connections.openInTime(port, CONNECTIONS, NANOS_APART).millis();
            ProcessHandle worker = SameProgram.children(responder.primary()).getFirst();
            signal(worker, "STOP");
            Connections connections;
            try {
                connections = Connections.openInTime(port, CONNECTIONS, NANOS_APART);
            } finally {
                signal(worker, "CONT");
            }
            // Those that it had are answered now, late.
            return Quantile.of(connections.millis(), QUANTILE) / Quantile.of(undisturbed, QUANTILE);
        }
    }

    private static void signal(ProcessHandle process, String name)
            throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", "-" + name, "" + process.pid()).start().waitFor();
        if (code != 0) {
            throw new IOException("kill -" + name + " " + process.pid() + " ends with " + code);
        }
    }
}
