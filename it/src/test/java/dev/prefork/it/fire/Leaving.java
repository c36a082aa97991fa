package dev.prefork.it.fire;

import static org.awaitility.Awaitility.await;

import dev.prefork.it.support.Signals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** 50 kept connections that nobody uses, while their workers are asked to leave. */
enum Leaving implements Trial {
    IDLE_TERM("TERM with 50 idle kept connections") {
        @Override
        double leave(Stage stage, Fleet fleet, List<Integer> old) {
            long begun = System.nanoTime();
            fleet.stop();
            await().atMost(Fleet.DEADLINE)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> fleet.left().isEmpty() && !Signals.isRunning(fleet.primary()));
            return (System.nanoTime() - begun) / 1e9;
        }
    },
    IDLE_RELOAD("reload with 50 idle kept connections, of one worker") {
        @Override
        double leave(Stage stage, Fleet fleet, List<Integer> old) {
            fleet.reload();
            await().atMost(Fleet.DEADLINE)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> isAnsweredByOthers(fleet, old));
            long serves = System.nanoTime();
            await().atMost(Fleet.DEADLINE)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> old.stream().noneMatch(Signals::isRunning));
            double proof = stage.isOurs() ? PROOF : 0;
            return Math.max(0, (System.nanoTime() - serves) / 1e9 - proof);
        }

        @Override
        public List<Integer> workers() {
            return List.of(1);
        }

        @Override
        public Set<Peer.Can> needs() {
            return Set.of(Peer.Can.RELOAD);
        }
    };

    private static final int IDLE = 50;

    /** What --ready-after is unless said, in seconds. */
    private static final double PROOF = 2;

    private static final double ENOUGH = 2;

    private final String title;

    Leaving(String title) {
        this.title = title;
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public String must() {
        return this == IDLE_TERM
                ? "≤ 2 s; what is under way is answered"
                : "the old one gone ≤ 2 s after the new one is proved; what is under way is"
                        + " answered";
    }

    /** Lets them leave; how long it took. */
    abstract double leave(Stage stage, Fleet fleet, List<Integer> old);

    private static boolean isAnsweredByOthers(Fleet fleet, List<Integer> old) {
        try (Asker asker = Asker.anew(fleet.port())) {
            Asked asked = asker.ask();
            return asked.isAnswered() && !old.contains(asked.pid());
        }
    }

    @Override
    public Figure run(Stage stage) throws Exception {
        try (Fleet fleet = stage.start()) {
            List<Integer> old = fleet.awaitWhole();
            List<Asker> idle = new ArrayList<>();
            Optional<CompletableFuture<Asked>> slow = Optional.empty();
            try {
                for (int i = 0; i < IDLE; i++) {
                    Asker asker = Asker.keeping(fleet.port());
                    idle.add(asker);
                    asker.ask();
                }
                // Until nobody can say that they were used a moment ago.
                TimeUnit.SECONDS.sleep(2);
                if (stage.peer().can().contains(Peer.Can.SLOW_REQUEST)) {
                    slow = Optional.of(slow(fleet));
                    TimeUnit.MILLISECONDS.sleep(200);
                }
                double seconds = leave(stage, fleet, old);
                boolean isAnswered = slow.isEmpty() || slow.get().join().isAnswered();
                return Figure.seconds(
                        seconds,
                        isAnswered ? "" : "; the request under way was lost",
                        isAnswered && seconds <= ENOUGH);
            } finally {
                idle.forEach(Asker::close);
            }
        }
    }

    private static CompletableFuture<Asked> slow(Fleet fleet) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try (Asker asker = Asker.anew(fleet.port())) {
                        return asker.ask("/slow");
                    }
                });
    }
}
