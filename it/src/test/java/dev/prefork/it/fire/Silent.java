package dev.prefork.it.fire;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Clients that connect and send nothing, beside normal ones. */
final class Silent implements Trial {
    private static final int SILENT = 2_000;
    private static final int CLIENTS = 8;
    private static final double ENOUGH = 2;

    @Override
    public String name() {
        return "SILENT_CLIENTS";
    }

    @Override
    public String title() {
        return "2,000 clients that send nothing, beside normal ones";
    }

    @Override
    public String must() {
        return "0 failed; p99 ≤ 2 × undisturbed";
    }

    @Override
    public Figure run(Stage stage) throws Exception {
        List<Asker> silent = new ArrayList<>();
        try (Fleet fleet = stage.start()) {
            fleet.awaitWhole();
            // Warmed up.
            measure(fleet.port());
            double undisturbed = measure(fleet.port()).percentile(0.99).toNanos() / 1e6;
            String cut = "";
            try {
                for (int i = 0; i < SILENT; i++) {
                    silent.add(Asker.anew(fleet.port()));
                    silent.getLast().connect();
                }
            } catch (IOException full) {
                cut = "; only " + silent.size() + " connected";
            }
            Tally tally = measure(fleet.port());
            double beside = tally.percentile(0.99).toNanos() / 1e6;
            return new Figure(
                    "%s; p99 %s"
                                    .formatted(
                                            stage.losses(tally, List.of()),
                                            times(undisturbed, beside))
                            + cut,
                    tally.failures().isEmpty() && beside <= ENOUGH * undisturbed);
        } finally {
            silent.forEach(Asker::close);
        }
    }

    private static String times(double undisturbed, double beside) {
        return String.format(
                Locale.ROOT, "%.1f ms = %.1f × %.1f ms", beside, beside / undisturbed, undisturbed);
    }

    private static Tally measure(int port) throws InterruptedException {
        try (Load load = Load.on(port, CLIENTS, 0)) {
            TimeUnit.SECONDS.sleep(5);
            return load.end();
        }
    }
}
