package dev.prefork.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.prefork.Balancer;
import dev.prefork.Balancer.Candidate;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Weights that an application says, and those of new workers. */
class ReweighedTest {
    private static final Duration WARM_UP = Duration.ofSeconds(30);

    private final List<FakeCandidate> all = FakeCandidate.several(3);

    @Test
    void givenWeights_whenClientsComeInTurn_thenEachHasItsPart() {
        Balancer weighted = Balancer.weighted(worker -> worker.id() * 10, Balancer.roundRobin());

        List<Candidate> chosen = FakeCandidate.chosen(weighted, all, 600);

        assertThat(FakeCandidate.count(chosen, all.get(0))).isCloseTo(100, within(2L));
        assertThat(FakeCandidate.count(chosen, all.get(1))).isCloseTo(200, within(2L));
        assertThat(FakeCandidate.count(chosen, all.get(2))).isCloseTo(300, within(2L));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void givenAWeightThatIsNone_whenAClientComes_thenThatIsAFault(double weight) {
        Balancer weighted = Balancer.weighted(_ -> weight, Balancer.roundRobin());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> FakeCandidate.chosen(weighted, all, 1))
                .withMessage("weight=%s of worker 1", weight);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 15, 27, 30, 3000})
    void givenANewWorker_whenTimePasses_thenItsPartGrowsFromATenthToAllOfIt(long seconds) {
        Balancer slow = Balancer.slowStart(WARM_UP, Balancer.roundRobin());
        all.get(2).listeningFor(Duration.ofSeconds(seconds));

        List<Candidate> chosen = FakeCandidate.chosen(slow, all, 3000);

        double weight = Math.clamp(seconds / 30.0, 0.1, 1);
        assertThat(FakeCandidate.count(chosen, all.get(2)))
                .isCloseTo(Math.round(3000 * weight / (2 + weight)), within(3L));
    }

    @Test
    void givenANewWorkerWithoutConnections_whenClientsStay_thenItHasATenthOfTheOthersAtFirst() {
        Balancer slow = Balancer.slowStart(WARM_UP, Balancer.leastConnections());
        all.get(2).listeningFor(Duration.ZERO);
        int[] open = {40, 40, 0};

        for (int i = 0; i < 20; i++) {
            for (int each = 0; each < 3; each++) {
                all.get(each).connections(open[each]);
            }
            open[all.indexOf(FakeCandidate.chosen(slow, all, 1).getFirst())]++;
        }

        assertThat(open[2]).isBetween(4, 6);
    }

    @Test
    void givenOneInsideOfAnother_whenClientsCome_thenBothWeightsCount() {
        Balancer both =
                Balancer.slowStart(
                        WARM_UP,
                        Balancer.weighted(worker -> 1.0 / worker.id(), Balancer.roundRobin()));
        all.get(0).listeningFor(Duration.ofSeconds(15));

        List<Candidate> chosen = FakeCandidate.chosen(both, all.subList(0, 2), 1000);

        assertThat(FakeCandidate.count(chosen, all.get(0))).isCloseTo(500, within(2L));
    }

    @Test
    void givenOneOfTheApplication_whenToldOfWorkers_thenItKnowsThemByWhatItWasShown() {
        List<String> told = new ArrayList<>();
        List<Candidate> seen = new ArrayList<>();
        Balancer inner =
                new Balancer() {
                    @Override
                    public Candidate choose(Connection connection, List<Candidate> candidates) {
                        seen.addAll(candidates);
                        return candidates.getLast();
                    }

                    @Override
                    public void taken(Candidate by) {
                        told.add("taken " + seen.indexOf(by));
                    }

                    @Override
                    public void done(Candidate of, int connections) {
                        told.add("done " + seen.indexOf(of) + " " + connections);
                    }

                    @Override
                    public void left(Candidate candidate) {
                        told.add("left " + seen.indexOf(candidate));
                    }
                };
        Balancer weighted = Balancer.weighted(_ -> 2, inner);

        assertThat(FakeCandidate.chosen(weighted, all, 1)).containsOnly(all.get(2));
        weighted.taken(all.get(2));
        weighted.done(all.get(1), 3);
        weighted.left(all.get(0));

        assertThat(told).containsExactly("taken 2", "done 1 3", "left 0");
        assertThat(seen).allMatch(candidate -> candidate.weight() == 2);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1})
    void givenNoTime_whenASlowStartIsMade_thenThatIsRefused(long seconds) {
        Duration none = Duration.ofSeconds(seconds);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Balancer.slowStart(none, Balancer.roundRobin()))
                .withMessage("time=" + none);
    }
}
