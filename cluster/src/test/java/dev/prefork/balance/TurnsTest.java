package dev.prefork.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.prefork.Balancer;
import dev.prefork.Balancer.Candidate;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;

/** One after the other, and by weight; SPEC A4 has it as all that there is. */
class TurnsTest {
    private final Balancer turns = Balancer.roundRobin();

    @Test
    void givenFreeWorkers_whenAnyNumberOfClientsComes_thenNobodyHasTwoMoreThanAnother() {
        List<FakeCandidate> all = FakeCandidate.several(7);
        int[] given = new int[7];

        for (int i = 0; i < 1000; i++) {
            given[all.indexOf(turns.choose(FakeCandidate.fromNowhere(), List.copyOf(all)))]++;

            assertThat(max(given) - min(given)).isLessThanOrEqualTo(1);
        }
    }

    private static int max(int[] numbers) {
        return Arrays.stream(numbers).max().orElseThrow();
    }

    private static int min(int[] numbers) {
        return Arrays.stream(numbers).min().orElseThrow();
    }

    @Test
    void givenManyOpenConnections_whenClientsCome_thenTheyDoNotMatter() {
        List<FakeCandidate> all = FakeCandidate.several(2);
        all.get(0).connections(1000);

        assertThat(FakeCandidate.chosen(turns, all, 4))
                .containsExactly(all.get(0), all.get(1), all.get(0), all.get(1));
    }

    @Test
    void givenABusyWorker_whenClientsCome_thenItIsPassedOverAndLaterHasOneTurnFirst() {
        List<FakeCandidate> all = FakeCandidate.several(3);
        all.get(1).free(false);
        List<Candidate> meanwhile = FakeCandidate.chosen(turns, all, 20);

        all.get(1).free(true);
        List<Candidate> afterwards = FakeCandidate.chosen(turns, all, 6);

        assertThat(meanwhile).doesNotContain(all.get(1));
        assertThat(afterwards.getFirst()).isSameAs(all.get(1));
        assertThat(FakeCandidate.count(afterwards, all.get(1))).isEqualTo(2);
    }

    @Test
    void givenANewcomer_whenClientsCome_thenItHasNoMoreThanItsPart() {
        List<FakeCandidate> all = FakeCandidate.several(3);
        FakeCandidate.chosen(turns, all.subList(0, 2), 1001);

        List<Candidate> chosen = FakeCandidate.chosen(turns, all, 30);

        assertThat(FakeCandidate.count(chosen, all.get(2))).isBetween(10L, 11L);
    }

    @Test
    void givenOneThatLeavesAndComesBack_whenClientsCome_thenItIsLikeANewOne() {
        List<FakeCandidate> all = FakeCandidate.several(2);
        FakeCandidate.chosen(turns, all, 100);

        turns.left(all.get(1));
        FakeCandidate.chosen(turns, all.subList(0, 1), 100);
        List<Candidate> chosen = FakeCandidate.chosen(turns, all, 10);

        assertThat(FakeCandidate.count(chosen, all.get(1))).isBetween(5L, 6L);
    }

    @Test
    void givenWeights_whenClientsCome_thenEachHasTurnsByItsWeightAndNotAllInARow() {
        List<FakeCandidate> all = FakeCandidate.several(3);
        all.get(0).weight(5);
        all.get(1).weight(3);
        all.get(2).weight(2);

        List<Candidate> chosen = FakeCandidate.chosen(turns, all, 1000);

        assertThat(FakeCandidate.count(chosen, all.get(0))).isCloseTo(500, within(2L));
        assertThat(FakeCandidate.count(chosen, all.get(1))).isCloseTo(300, within(2L));
        assertThat(FakeCandidate.count(chosen, all.get(2))).isCloseTo(200, within(2L));
        assertThat(chosen.subList(500, 510)).contains(all.get(0), all.get(1), all.get(2));
    }

    @Test
    void givenOnlyBusyOnes_whenAskedAllTheSame_thenOneOfThemIsNamed() {
        List<FakeCandidate> all = FakeCandidate.several(2);
        all.forEach(candidate -> candidate.free(false));

        assertThat(FakeCandidate.chosen(turns, all, 2)).containsExactlyElementsOf(all);
    }
}
