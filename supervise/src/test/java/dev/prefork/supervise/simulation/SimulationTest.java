package dev.prefork.supervise.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.Optional;
import java.util.stream.LongStream;

/**
 * What must be true of a supervisor is, whatever happens in whatever order (SPEC F5–F7, F13, F14).
 */
class SimulationTest {
    /** Of the ordinary build. */
    private static final long STEPS = 1_000_000;

    private static final long STEPS_OF_A_HISTORY = 200;

    @Test
    void givenWhateverHappens_thenTheRulesHold() {
        long steps = Long.getLong("prefork.simulate.steps", STEPS);
        long first = Long.getLong("prefork.simulate.seed", 1);

        Optional<Long> bad =
                LongStream.range(first, first + steps / STEPS_OF_A_HISTORY)
                        .parallel()
                        .filter(seed -> History.random(seed).fault().isPresent())
                        .boxed()
                        .findFirst();

        assertThat(bad.map(SimulationTest::explained)).isEmpty();
    }

    private static String explained(long seed) {
        History shortest = History.random(seed).shrunk();
        return "seed %d: %s after %s".formatted(seed, shortest.fault().orElseThrow(), shortest);
    }
}
