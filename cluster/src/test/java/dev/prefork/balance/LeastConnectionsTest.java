package dev.prefork.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.Balancer;

import org.junit.jupiter.api.Test;

import java.util.List;

/** The fewest, as another balancer has it inside of itself; ChooserTest has the default. */
class LeastConnectionsTest {
    private final Balancer fewest = Balancer.leastConnections();
    private final List<FakeCandidate> all = FakeCandidate.several(3);

    @Test
    void givenWorkersWithMoreAndFewer_whenAClientComes_thenTheFreeOneWithTheFewestGetsIt() {
        all.get(0).connections(3);
        all.get(1).connections(1).free(false);
        all.get(2).connections(2);

        assertThat(FakeCandidate.chosen(fewest, all, 2)).containsOnly(all.get(2));
    }

    @Test
    void givenAsManyEach_whenClientsCome_thenTheyGoInTurn() {
        assertThat(FakeCandidate.chosen(fewest, all, 6))
                .containsExactly(
                        all.get(0), all.get(1), all.get(2), all.get(0), all.get(1), all.get(2));
    }

    @Test
    void givenWeights_whenAClientComes_thenWhoHasFewestByWeightGetsIt() {
        all.get(0).connections(2);
        all.get(1).connections(4).weight(3);
        all.get(2).connections(1).weight(0.1);

        assertThat(FakeCandidate.chosen(fewest, all, 1)).containsOnly(all.get(1));
    }

    @Test
    void givenOneThatDoesNotTell_whenClientsCome_thenAllAreServedInTurn() {
        all.get(0).connections(3);
        all.get(1).untold();

        assertThat(FakeCandidate.chosen(fewest, all, 3)).containsExactlyElementsOf(all);
    }
}
