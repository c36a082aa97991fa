package dev.prefork.it.servers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.it.servers.Load.Failure;
import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;
import dev.prefork.it.support.Signals;

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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Whole programs as they are published run as two workers: loaded, one killed, reloaded three
 * times, stopped. They are there with -Pprograms alone; -Dprefork.programs=H2,Ktor names some, and
 * with -Dprefork.update the outcome is written to docs/programs.md.
 */
@Rule({"F1", "F4", "F5", "F6"})
@EnabledIfSystemProperty(named = ProgramsIT.NAMES, matches = ".+")
class ProgramsIT {
    static final String NAMES = "prefork.programs";

    private static final int RELOADS = 3;
    private static final Path TABLE = ServerProgram.PROJECT.resolve("docs/programs.md");
    private static final ProgramOutcomes OUTCOMES = new ProgramOutcomes();

    /** The protocols of these programs do not tell who answers. */
    private static final Set<Integer> SOMEBODY = Set.of(0);

    @RegisterExtension final Programs programs = new Programs();
    @TempDir Path folder;

    static Stream<Arguments> programsAndPolicies() {
        List<String> names = List.of(System.getProperty(NAMES, "").split(",", -1));
        return WholeProgram.all().stream()
                .filter(program -> names.contains("all") || names.contains(program.name()))
                .flatMap(
                        program ->
                                Stream.of("rr", "none")
                                        .map(policy -> Arguments.of(program, policy)));
    }

    @AfterAll
    static void writeTheTable() throws IOException {
        if (Boolean.getBoolean("prefork.update")) {
            OUTCOMES.write(TABLE);
        }
    }

    @ParameterizedTest(name = "{0}, policy {1}")
    @MethodSource("programsAndPolicies")
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void aWholeProgramIsKilledAndReloadedUnderLoad(WholeProgram program, String policy)
            throws Exception {
        OUTCOMES.begin(program, policy);
        int port = TcpTarget.freePort();
        program.prepare(folder, port);
        Prefork prefork =
                Prefork.run(
                        programs,
                        policy,
                        List.of(),
                        program.words(folder, port),
                        program.environment(folder, port));
        Set<Integer> pids = prefork.awaitServing();

        pids = kill(program, port, prefork, pids);
        int answers = reload(program, port, prefork, pids);

        assertThat(prefork.stop()).isZero();
        assertThat(prefork.linesOfItsOwn()).last().isEqualTo("prefork: stopped");
        new TcpTarget(port, Optional.empty()).assertFree();
        OUTCOMES.passed(program, policy, answers);
    }

    /** No more is lost than what was under way with the one that is killed. */
    private static Set<Integer> kill(
            WholeProgram program, int port, Prefork prefork, Set<Integer> pids) {
        int killed = pids.iterator().next();
        Set<Integer> left;
        long died;
        List<Failure> failures;
        try (Load load = Load.on(() -> program.protocol().open(port))) {
            load.awaitAnswersOf(SOMEBODY);
            Signals.send("KILL", killed);
            prefork.awaitDeath(killed);
            died = System.nanoTime();
            left = prefork.awaitServingWithout(killed);
            load.awaitAnswersOf(SOMEBODY);
            failures = load.end();
        }
        assertThat(failures)
                .hasSizeLessThanOrEqualTo(Load.CLIENTS)
                .allMatch(Failure::connected)
                .allMatch(failure -> failure.openedAt() < died);
        return left;
    }

    /** Three times, and nobody notices; how many answers there were. */
    private static int reload(WholeProgram program, int port, Prefork prefork, Set<Integer> pids) {
        Set<Integer> serving = pids;
        try (Load load = Load.on(() -> program.protocol().open(port))) {
            for (int i = 0; i < RELOADS; i++) {
                load.awaitAnswersOf(SOMEBODY);
                serving = prefork.reload(serving);
            }
            load.awaitAnswersOf(SOMEBODY);
            assertThat(load.end()).isEmpty();
            return load.answers();
        }
    }
}
