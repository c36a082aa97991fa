package dev.prefork.it.fire;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Many connections with kills and reloads among them: what the primary keeps of it. */
final class Leaks implements Trial {
    private static final int FIRST = 5_000;
    private static final int ALL = Integer.getInteger("prefork.fire.connections", 50_000);
    private static final int KILLS = 20;
    private static final int RELOADS = 10;
    private static final int CLIENTS = 8;
    private static final long FLAT_KIB = 3 * 1024;

    @Override
    public String name() {
        return "LEAKS";
    }

    @Override
    public String title() {
        return "%,d requests or more, 20 kills, 10 reloads: the primary, from the first 5,000 and one kill to the end"
                .formatted(ALL);
    }

    @Override
    public String must() {
        return "descriptors and threads the same, RSS ± 3 MB; only what was in hand is lost";
    }

    @Override
    public List<Integer> workers() {
        return List.of(2);
    }

    @Override
    public Set<Peer.Can> needs() {
        return Set.of(Peer.Can.RELOAD);
    }

    @Override
    public Figure run(Stage stage) throws Exception {
        List<Integer> killed = new ArrayList<>();
        try (Fleet fleet = stage.start()) {
            List<Integer> pids = fleet.awaitWhole();
            Size before;
            Losses losses;
            try (Load load = Load.on(fleet.port(), CLIENTS, CLIENTS / 4, Duration.ofMillis(1))) {
                load.tally().awaitCount(FIRST);
                // The JDK has a thread more from the first end of a worker on.
                fleet.kill(pids.getFirst());
                killed.add(pids.getFirst());
                pids = fleet.awaitWhole(killed);
                before = Size.of(fleet.primary());
                for (int i = 1; i <= KILLS; i++) {
                    fleet.kill(pids.getFirst());
                    killed.add(pids.getFirst());
                    pids = fleet.awaitWhole(killed);
                    if (i % (KILLS / RELOADS) == 0) {
                        fleet.reload();
                        pids = fleet.awaitWhole(pids);
                    }
                    load.tally().awaitCount(FIRST + (ALL - FIRST) * i / KILLS);
                }
                losses = stage.losses(load.end(), killed);
            }
            // Until what ended last is reaped and closed.
            TimeUnit.SECONDS.sleep(2);
            return figure(before, Size.of(fleet.primary()), losses);
        }
    }

    private static Figure figure(Size before, Size after, Losses losses) {
        return new Figure(
                "descriptors %d → %d, threads %d → %d, RSS %.1f → %.1f MB; %s"
                        .formatted(
                                before.descriptors(),
                                after.descriptors(),
                                before.threads(),
                                after.threads(),
                                before.rssKib() / 1024.0,
                                after.rssKib() / 1024.0,
                                losses),
                after.descriptors() <= before.descriptors()
                        && after.threads() <= before.threads()
                        && after.rssKib() - before.rssKib() <= FLAT_KIB
                        && losses.isNothingElse());
    }
}
