package dev.prefork.it.fire;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** SIGKILL to workers under load, again and again: what is lost, and when somebody serves again. */
enum Killed implements Trial {
    KILL_ONE("kill -9 of one worker, 10 times", 10, List.of(2, 4), false),
    KILL_ALL("kill -9 of all workers, 3 times", 3, List.of(2, 4), true),
    KILL_ONLY("kill -9 of the only worker, 3 times", 3, List.of(1), true),
    KILL_AGAIN("the only worker killed 5 s after each return, 8 times", 8, List.of(1), true);

    private static final int CLIENTS = 8;

    /** Of the program's own start. */
    private static final double ENOUGH = 1.2;

    private static final Duration AGAIN = Duration.ofSeconds(5);

    /** They are started a second after the worker, and boot. */
    private static final Duration SPARES_MAY_TAKE = Duration.ofSeconds(3);

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
                + (isOutage ? "; served again ≤ 1.2 × the program's own start, by spares" : "");
    }

    @Override
    public List<Integer> workers() {
        return workers;
    }

    @Override
    public Figure run(Stage stage) throws Exception {
        Outage without = run(stage, Duration.ZERO);
        if (!isOutage || !stage.isOurs()) {
            return new Figure(without.toString(), without.losses.isNothingElse());
        }
        Outage with = run(stage, SPARES_MAY_TAKE, PreforkPeer.SPARES, "" + stage.workers());
        return new Figure(
                "%s; with a spare for each: %s".formatted(without, with),
                without.losses.isNothingElse()
                        && with.losses.isNothingElse()
                        && with.seconds <= ENOUGH * with.own);
    }

    /**
     * What was lost, and how long nobody served.
     *
     * @param own the program's own start, in seconds; 0 of others
     */
    private record Outage(Losses losses, double seconds, double own, boolean isOutage) {
        @Override
        public String toString() {
            String again = String.format(Locale.ROOT, "; again after ≤ %.2f s", seconds);
            String ofOwn = String.format(Locale.ROOT, " = %.1f × own", seconds / own);
            return losses + (isOutage ? again + (own == 0 ? "" : ofOwn) : "");
        }
    }

    /**
     * Kills as often as it is said.
     *
     * @param pause before each
     */
    private Outage run(Stage stage, Duration pause, String... options) throws Exception {
        double own = isOutage && stage.isOurs() ? stage.ownStart(stage.workers()) : 0;
        List<Integer> killed = new ArrayList<>();
        double longest = 0;
        try (Fleet fleet = stage.start(options)) {
            List<Integer> alive = fleet.awaitWhole();
            try (Load load = Load.on(fleet.port(), CLIENTS, CLIENTS)) {
                for (int i = 0; i < times; i++) {
                    load.tally().awaitAnswers(200);
                    Thread.sleep(this == KILL_AGAIN ? AGAIN : pause);
                    List<Integer> victims =
                            this == KILL_ONE ? List.of(alive.get(i % alive.size())) : alive;
                    Fleet.kill(victims);
                    long begun = System.nanoTime();
                    killed.addAll(victims);
                    long served = load.tally().awaitAnswerOfOthers(Set.copyOf(killed));
                    longest = Math.max(longest, (served - begun) / 1e9);
                    alive = fleet.awaitWhole(killed, load.tally()::hasAnsweredBy);
                }
                load.tally().awaitAnswers(200);
                return new Outage(stage.losses(load.end(), killed), longest, own, isOutage);
            }
        }
    }
}
