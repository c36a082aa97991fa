package dev.prefork.it.fire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;

import org.awaitility.core.ConditionTimeoutException;
import org.awaitility.core.TerminalFailureException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The trials by fire. They are there with -Pfire alone; -Dprefork.fire=KILL_ONE,RELOADS names some,
 * -Dprefork.fire.peers=prefork,nginx whom to try, and with -Dprefork.update the outcome is written
 * to docs/reliability.md. A figure of ours that is not what it must be fails, unless the page has a
 * reason for it.
 */
@Rule({"F4", "F5", "F6", "F7", "F8", "F11", "F13", "F14"})
@EnabledIfSystemProperty(named = FireIT.NAMES, matches = ".+")
class FireIT {
    static final String NAMES = "prefork.fire";

    private static final ReliabilityPage PAGE = ReliabilityPage.read();

    @RegisterExtension final Programs programs = new Programs();
    @TempDir Path folder;

    private static boolean isNamed(String property, String name) {
        List<String> names =
                List.of(
                        System.getProperty(property, "all")
                                .toLowerCase(Locale.ROOT)
                                .split(",", -1));
        return names.contains("all") || names.contains(name.toLowerCase(Locale.ROOT));
    }

    /** Ours with each number of workers, the others with the first of them. */
    static Stream<Arguments> trials() {
        return Peers.all().stream()
                .filter(peer -> isNamed("prefork.fire.peers", peer.name()))
                .flatMap(
                        peer ->
                                Trials.all().stream()
                                        .filter(trial -> isNamed(NAMES, trial.name()))
                                        .filter(trial -> peer.can().containsAll(trial.needs()))
                                        .flatMap(trial -> withWorkers(peer, trial)));
    }

    private static Stream<Arguments> withWorkers(Peer peer, Trial trial) {
        return trial.workers().stream()
                .limit(peer.can().contains(Peer.Can.OURS) ? Integer.MAX_VALUE : 1)
                .map(workers -> Arguments.of(trial, peer.name(), workers, peer));
    }

    @AfterAll
    static void writeThePage() throws IOException {
        if (Boolean.getBoolean("prefork.update")) {
            PAGE.write();
        }
    }

    @ParameterizedTest(name = "{0}, {1}, {2}")
    @MethodSource("trials")
    @Timeout(value = 8, unit = TimeUnit.MINUTES)
    void theFigureIsWhatItMustBe(Trial trial, String name, int workers, Peer peer)
            throws Exception {
        Peer.Installed installed = peer.install();
        PAGE.version(peer, installed);
        assumeThat(installed.isThere()).as(installed.text()).isTrue();

        Stage stage = new Stage(programs, folder, peer, workers);
        PAGE.begin(trial, stage);
        Figure figure = stage.isOurs() ? trial.run(stage) : tryOther(trial, stage);
        PAGE.add(trial, stage, figure);
        System.out.printf(
                "%s, %s, %d workers: %s%s%n",
                trial.name(),
                name,
                workers,
                figure.text(),
                figure.isMet() || !stage.isOurs() ? "" : " [missed]");

        if (stage.isOurs() && !PAGE.hasReason(trial)) {
            assertThat(figure.isMet()).as("%s; must: %s", figure.text(), trial.must()).isTrue();
        }
    }

    /** Whoever does not come through has an entry as well. */
    private static Figure tryOther(Trial trial, Stage stage) throws Exception {
        try {
            return trial.run(stage);
        } catch (AssertionError | ConditionTimeoutException | TerminalFailureException e) {
            System.out.printf("%s, %s: %s%n", trial.name(), stage.peer().name(), e);
            return new Figure("does not come through", false);
        }
    }
}
