package dev.prefork.it.fire;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** SIGKILL to workers under load, again and again: what is lost, and when somebody serves again. */
enum Killed implements Trial {
    KILL_ONE("kill -9 of one worker, 10 times", 10, List.of(2, 4), false),
    KILL_ALL("kill -9 of all workers, 3 times", 3, List.of(2, 4), true),
    KILL_ONLY("kill -9 of the only worker, 3 times", 3, List.of(1), true),
    KILL_AGAIN("the only worker killed 5 s after each return, 8 times", 8, List.of(1), true);

    private static final int CLIENTS = 8;

    /** Of the program's own start. */
    private static final double ENOUGH = 1.2;

    private final String title;
    private final int times;
    private final List<Integer> workers;
    private final boolean isOutage;

    Killed(String title, int times, List<Integer> workers, boolean isOutage) {
        this.title = title;
        this.times = times;
        this.workers = workers;
        this.isOutage = isOutage;
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public String must() {
        return "only what was in hand; 0 refused, 0 hung"
                + (isOutage ? "; served again ≤ 1.2 × the program's own start" : "");
    }

    @Override
    public List<Integer> workers() {
        return workers;
    }

    @Override
    public Figure run(Stage stage) throws Exception {
        double own = isOutage && stage.isOurs() ? stage.ownStart(stage.workers()) : 0;
        List<Integer> killed = new ArrayList<>();
        double longest = 0;
        Losses losses;
        try (Fleet fleet = stage.start()) {
            List<Integer> alive = fleet.awaitWhole();
            try (Load load = Load.on(fleet.port(), CLIENTS, CLIENTS)) {
                for (int i = 0; i < times; i++) {
                    load.tally().awaitAnswers(200);
                    if (this == KILL_AGAIN) {
                        TimeUnit.SECONDS.sleep(5);
                    }
                    List<Integer> victims =
                            this == KILL_ONE ? List.of(alive.get(i % alive.size())) : alive;
                    Fleet.kill(victims);
                    long begun = System.nanoTime();
                    killed.addAll(victims);
                    long served = load.tally().awaitAnswerOfOthers(Set.copyOf(killed));
                    longest = Math.max(longest, (served - begun) / 1e9);
                    alive = fleet.awaitWhole(killed);
                }
                load.tally().awaitAnswers(200);
                losses = stage.losses(load.end(), killed);
            }
        }
        return figure(losses, longest, own);
    }

    private Figure figure(Losses losses, double longest, double own) {
        if (!isOutage) {
            return new Figure(losses.toString(), losses.isNothingElse());
        }
        String times = own == 0 ? "" : String.format(Locale.ROOT, " = %.1f × own", longest / own);
        return new Figure(
                "%s; again after ≤ %.1f s%s".formatted(losses, longest, times),
                losses.isNothingElse() && longest <= ENOUGH * own);
    }
}
