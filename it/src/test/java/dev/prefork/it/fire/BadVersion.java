package dev.prefork.it.fire;

import static org.awaitility.Awaitility.await;

import dev.prefork.it.fire.Version.Fault;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A deploy that is broken, under load: who serves then, and after the next death, and at last. */
enum BadVersion implements Trial {
    BAD_EXITS("a version that exits", Fault.EXITS),
    BAD_SILENT("a version that never listens", Fault.SILENT),
    BAD_TRUNCATED("a truncated jar", Fault.NONE),
    BAD_DIES("a version that listens and dies 1.5 s later", Fault.DIES);

    private static final int CLIENTS = 4;
    private static final Duration SETTLING = Duration.ofSeconds(8);

    private final String title;
    private final Fault fault;

    BadVersion(String title, Fault fault) {
        this.title = title;
        this.fault = fault;
    }

    @Override
    public String title() {
        return title + ": reload, kill -9 of one, a good version";
    }

    @Override
    public String must() {
        return "0 refused, only what was in hand; the old version serves and replaces the dead";
    }

    @Override
    public List<Integer> workers() {
        return List.of(2);
    }

    @Override
    public Set<Peer.Can> needs() {
        return this == BAD_TRUNCATED || this == BAD_SILENT
                ? Set.of(Peer.Can.OURS)
                : Set.of(Peer.Can.RELOAD, Peer.Can.NEW_VERSION);
    }

    @Override
    public Figure run(Stage stage) throws Exception {
        List<String> findings = new ArrayList<>();
        List<Integer> killed = new ArrayList<>();
        Losses losses;
        try (Fleet fleet = start(stage)) {
            List<Integer> first = fleet.awaitWhole();
            try (Load load = Load.on(fleet.port(), CLIENTS, CLIENTS)) {
                load.tally().awaitAnswers(50);
                deploy(stage, fleet);
                fleet.reload();
                awaitVerdict(stage, fleet);
                List<Integer> old = new ArrayList<>(fleet.workers());
                old.retainAll(first);
                if (!isServing(fleet, old, Version.FIRST)) {
                    findings.add("the old version is gone");
                } else {
                    fleet.kill(old.getFirst());
                    killed.add(old.getFirst());
                    if (!isReplacedByTheOld(fleet, killed)) {
                        findings.add("the dead is not replaced by the old version");
                    }
                }
                List<Integer> before = fleet.workers();
                fleet.deploy(Version.SECOND);
                fleet.reload();
                if (!comesUp(fleet, before)) {
                    findings.add("the good version does not come up");
                }
                losses = stage.losses(load.end(), killed);
            }
        }
        return new Figure(
                losses + (findings.isEmpty() ? "" : "; " + String.join(", ", findings)),
                losses.isNothingElse() && findings.isEmpty());
    }

    private Fleet start(Stage stage) throws IOException {
        return stage.isOurs() ? stage.start("--listen-timeout", "6") : stage.start();
    }

    private void deploy(Stage stage, Fleet fleet) throws IOException {
        if (this == BAD_TRUNCATED) {
            stage.jar().deployTruncated();
        } else {
            fleet.deploy(Version.with(fault));
        }
    }

    /** Ours says how it ended; for others there is only time. */
    private static void awaitVerdict(Stage stage, Fleet fleet) throws InterruptedException {
        if (stage.isOurs()) {
            fleet.program().awaitLine("prefork: reload(ed| failed)");
        }
        Thread.sleep(stage.isOurs() ? 0 : SETTLING.toMillis());
    }

    private static boolean isServing(Fleet fleet, List<Integer> pids, Version version) {
        Set<String> versions = new HashSet<>();
        for (int i = 0; i < 8; i++) {
            try (Asker asker = Asker.anew(fleet.port())) {
                versions.add(asker.ask().text());
            }
        }
        return !pids.isEmpty() && versions.equals(Set.of(version.name()));
    }

    private static boolean isReplacedByTheOld(Fleet fleet, List<Integer> killed) {
        try {
            await().atMost(SETTLING)
                    .pollDelay(Duration.ZERO)
                    .until(() -> fleet.workers().size() == 2 && isWholeWithout(fleet, killed));
            return isServing(fleet, fleet.workers(), Version.FIRST);
        } catch (org.awaitility.core.ConditionTimeoutException e) {
            return false;
        }
    }

    /** Both answer, the newcomer as well. */
    private static boolean isWholeWithout(Fleet fleet, List<Integer> killed) {
        Set<Integer> answering = new HashSet<>();
        for (int i = 0; i < 8; i++) {
            try (Asker asker = Asker.anew(fleet.port()).within(Duration.ofSeconds(2))) {
                answering.add(asker.ask().pid());
            }
        }
        return answering.containsAll(fleet.workers())
                && killed.stream().noneMatch(answering::contains);
    }

    private static boolean comesUp(Fleet fleet, List<Integer> before) {
        fleet.awaitWhole(before);
        return isServing(fleet, fleet.workers(), Version.SECOND);
    }
}
