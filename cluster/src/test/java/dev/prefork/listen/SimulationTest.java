package dev.prefork.listen;

import dev.prefork.posix.NothingLeft;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Random histories of an address (SPEC D2, E2, F4). {@code -Dprefork.simulate.steps=1000000} does
 * more of them, {@code -Dprefork.simulate.seed} begins with another than the first.
 */
@ExtendWith(NothingLeft.class)
@Timeout(36_000)
class SimulationTest {
    private static final int STEPS = Integer.getInteger("prefork.simulate.steps", 6_000);
    private static final long FIRST_SEED = Long.getLong("prefork.simulate.seed", 1);
    private static final int STEPS_OF_ONE = 50;

    @Test
    void givenAnyHistory_whenEachStepIsDone_thenNobodyIsDroppedAndNothingIsLeft() {
        for (int i = 0; i < STEPS / STEPS_OF_ONE; i++) {
            simulate(FIRST_SEED + i);
        }
    }

    /** What has failed on the way. */
    @ParameterizedTest
    @ValueSource(longs = {28, 31})
    void givenAHistoryThatFailedOnce_whenEachStepIsDone_thenItDoesNotAnyMore(long seed) {
        simulate(seed);
    }

    private static void simulate(long seed) {
        Random random = new Random(seed);
        List<Step> history = Stream.generate(() -> Step.any(random)).limit(STEPS_OF_ONE).toList();
        Optional<Throwable> failure = failure(history);
        if (failure.isPresent()) {
            Shortest shortest = Shortest.of(history, failure.get(), SimulationTest::failure);
            throw new AssertionError(
                    "seed %d, and so does %s".formatted(seed, shortest.history()),
                    shortest.failure());
        }
    }

    private static Optional<Throwable> failure(List<Step> history) {
        try {
            Simulation.run(history);
            return Optional.empty();
        } catch (Exception | AssertionError failure) {
            return Optional.of(failure);
        }
    }
}
