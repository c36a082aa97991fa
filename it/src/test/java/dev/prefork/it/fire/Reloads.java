package dev.prefork.it.fire;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Reloads under load. */
final class Reloads implements Trial {
    private static final int CLIENTS = 8;

    /** Of the program's own start, for each worker. */
    private static final double ENOUGH = 1.5;

    @Override
    public String name() {
        return "RELOADS";
    }

    @Override
    public String title() {
        return "20 reloads (10 with 4 workers)";
    }

    @Override
    public String must() {
        return "0 of new and of kept ones; ≤ 1.5 × the program's own start for each worker";
    }

    @Override
    public Set<Peer.Can> needs() {
        return Set.of(Peer.Can.RELOAD);
    }

    @Override
    public Figure run(Stage stage) throws Exception {
        double own = stage.isOurs() ? stage.ownStart(1) : 0;
        List<Double> seconds = new ArrayList<>();
        Tally tally;
        try (Fleet fleet = stage.start()) {
            List<Integer> old = fleet.awaitWhole();
            try (Load load = Load.on(fleet.port(), CLIENTS, CLIENTS)) {
                for (int i = 0; i < 40 / stage.workers(); i++) {
                    load.tally().awaitAnswers(100);
                    long begun = System.nanoTime();
                    fleet.reload();
                    old = fleet.awaitWhole(old);
                    seconds.add((System.nanoTime() - begun) / 1e9);
                }
                load.tally().awaitAnswers(100);
                tally = load.end();
            }
        }
        Collections.sort(seconds);
        double median = seconds.get(seconds.size() / 2);
        double times = median / stage.workers() / own;
        String ofOwn = own == 0 ? "" : String.format(Locale.ROOT, " = %.1f × own", times);
        return new Figure(
                "%s; %.1f s each%s".formatted(stage.losses(tally, List.of()), median, ofOwn),
                tally.failures().isEmpty() && times <= ENOUGH);
    }
}
