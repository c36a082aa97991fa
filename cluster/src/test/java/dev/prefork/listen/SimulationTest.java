package dev.prefork.listen;

import dev.prefork.balance.Balancers;
import dev.prefork.balance.NamedWorker;
import dev.prefork.posix.NothingLeft;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetSocketAddress;
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
            simulate(FIRST_SEED + i, Balancing.ByAddress.DEFAULT);
        }
    }

    @Test
    void givenAnyHistory_whenABalancerSaysWhoGetsWhat_thenTheSameHolds() {
        for (int i = 0; i < STEPS / STEPS_OF_ONE; i++) {
            simulate(FIRST_SEED + i, byPort());
        }
    }

    /** The same client always to the same one, whether free or not; but for one in eight. */
    private static Balancing.ByAddress byPort() {
        Balancers balancers = new Balancers(NamedWorker::of);
        balancers.set(
                _ ->
                        (connection, candidates) -> {
                            int port = connection.peer().map(InetSocketAddress::getPort).orElse(0);
                            return port % 8 == 0 ? null : candidates.get(port % candidates.size());
                        });
        return balancers;
    }

    /** What has failed on the way. */
    @ParameterizedTest
    @ValueSource(longs = {28, 31})
    void givenAHistoryThatFailedOnce_whenEachStepIsDone_thenItDoesNotAnyMore(long seed) {
        simulate(seed, Balancing.ByAddress.DEFAULT);
    }

    private static void simulate(long seed, Balancing.ByAddress balancings) {
        Random random = new Random(seed);
        List<Step> history = Stream.generate(() -> Step.any(random)).limit(STEPS_OF_ONE).toList();
        Optional<Throwable> failure = failure(history, balancings);
        if (failure.isPresent()) {
            Shortest shortest =
                    Shortest.of(history, failure.get(), shorter -> failure(shorter, balancings));
            throw new AssertionError(
                    "seed %d, and so does %s".formatted(seed, shortest.history()),
                    shortest.failure());
        }
    }

    private static Optional<Throwable> failure(List<Step> history, Balancing.ByAddress balancings) {
        try {
            Simulation.run(history, balancings);
            return Optional.empty();
        } catch (Exception | AssertionError failure) {
            return Optional.of(failure);
        }
    }
}
