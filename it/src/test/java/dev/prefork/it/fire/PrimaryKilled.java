package dev.prefork.it.fire;

import dev.prefork.it.support.Ports;
import dev.prefork.it.support.Signals;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** SIGKILL to who keeps the workers. */
enum PrimaryKilled implements Trial {
    PRIMARY_KILLED("the primary killed", Worker.SERVES, "rr"),
    PRIMARY_KILLED_STOPPED("the primary killed, one worker stopped", Worker.IS_STOPPED, "rr"),
    PRIMARY_KILLED_SPINNING(
            "the primary killed, one worker in an endless loop", Worker.SPINS, "rr"),
    PRIMARY_KILLED_NONE(
            "the primary killed, one worker stopped, `--policy none`", Worker.IS_STOPPED, "none"),
    PRIMARY_KILLED_NONE_SPINNING(
            "the primary killed, one worker in an endless loop, `--policy none`",
            Worker.SPINS,
            "none");

    private static final double DEADLINE = 35;

    /** What one of the workers does. */
    private enum Worker {
        SERVES,
        IS_STOPPED,
        SPINS
    }

    private final String title;
    private final Worker worker;
    private final String policy;

    PrimaryKilled(String title, Worker worker, String policy) {
        this.title = title;
        this.worker = worker;
        this.policy = policy;
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public String must() {
        return "nothing left, the port free";
    }

    @Override
    public Set<Peer.Can> needs() {
        return worker == Worker.SPINS || policy.equals("none") ? Set.of(Peer.Can.OURS) : Set.of();
    }

    @Override
    public Figure run(Stage stage) throws Exception {
        try (Fleet fleet = stage.isOurs() ? stage.start("--policy", policy) : stage.start()) {
            List<Integer> pids = new ArrayList<>(fleet.awaitWhole());
            if (worker == Worker.IS_STOPPED) {
                Signals.stop(pids.getFirst());
            } else if (worker == Worker.SPINS) {
                var _ = CompletableFuture.supplyAsync(() -> spin(fleet.port()));
                TimeUnit.MILLISECONDS.sleep(500);
            }
            fleet.left();
            long begun = System.nanoTime();
            Signals.send("KILL", fleet.primary());
            double seconds = 0;
            while (seconds < DEADLINE && !isNothingLeft(fleet)) {
                TimeUnit.MILLISECONDS.sleep(10);
                seconds = (System.nanoTime() - begun) / 1e9;
            }
            boolean isOver = isNothingLeft(fleet);
            return isOver
                    ? Figure.seconds(seconds, "", true)
                    : new Figure(
                            "after %.0f s %d processes left, port %s"
                                    .formatted(
                                            seconds,
                                            fleet.left().size(),
                                            Ports.isFree(fleet.port()) ? "free" : "taken"),
                            false);
        }
    }

    private static Asked spin(int port) {
        try (Asker asker = Asker.anew(port)) {
            return asker.ask("/spin");
        }
    }

    private static boolean isNothingLeft(Fleet fleet) {
        return fleet.left().isEmpty() && Ports.isFree(fleet.port());
    }
}
