package dev.prefork.it.fire;

import dev.prefork.it.fire.Version.Fault;

import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Reloads that are asked for before anything serves. */
enum EarlyHup implements Trial {
    EARLY_HUP("HUP while the first version still starts (3 s); the next one never listens"),
    MANY_HUPS("10 HUPs, faster than the start (3 s)");

    private final String title;

    EarlyHup(String title) {
        this.title = title;
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public String must() {
        return "the service comes up";
    }

    @Override
    public Set<Peer.Can> needs() {
        return Set.of(Peer.Can.OURS);
    }

    @Override
    public List<Integer> workers() {
        return List.of(1, 2);
    }

    @Override
    public Figure run(Stage stage) throws Exception {
        stage.jar().deploy(new Version("slow", Fault.SLOW));
        long begun = System.nanoTime();
        try (Fleet fleet = stage.start("--listen-timeout", "6")) {
            fleet.program().awaitLines(".*starting slow", stage.workers());
            if (this == EARLY_HUP) {
                stage.jar().deploy(Version.with(Fault.SILENT));
            }
            for (int i = 0; i < (this == EARLY_HUP ? 1 : 10); i++) {
                fleet.reload();
                TimeUnit.MILLISECONDS.sleep(800);
            }
            try (Asker asker = Asker.anew(fleet.port())) {
                Asked asked = asker.ask();
                while (!asked.isAnswered() && (System.nanoTime() - begun) / 1e9 < 60) {
                    TimeUnit.MILLISECONDS.sleep(20);
                    asked = asker.ask();
                }
                double seconds = (System.nanoTime() - begun) / 1e9;
                return asked.isAnswered()
                        ? Figure.seconds(seconds, ", then served", true)
                        : new Figure("nothing serves after 60 s", false);
            }
        }
    }
}
