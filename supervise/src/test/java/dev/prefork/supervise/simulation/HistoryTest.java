package dev.prefork.supervise.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.supervise.simulation.Step.Kind;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.function.Predicate;

/** How a history is found again, and made short. */
class HistoryTest {
    @Test
    void givenASeed_thenTheHistoryIsTheSameEachTime() {
        assertThat(History.random(7)).isEqualTo(History.random(7)).isNotEqualTo(History.random(8));
    }

    @Test
    void givenAFaultThatTakesTwoSteps_whenShrunk_thenOnlyThoseAreLeft() {
        Predicate<History> aStopAfterAReload =
                history -> {
                    List<Kind> kinds = history.steps().stream().map(Step::kind).toList();
                    int reload = kinds.indexOf(Kind.RELOAD);
                    return reload >= 0 && kinds.lastIndexOf(Kind.STOP) > reload;
                };
        History history = History.random(7);
        assertThat(history).matches(aStopAfterAReload);

        assertThat(history.shrunk(aStopAfterAReload).steps())
                .extracting(Step::kind)
                .containsExactly(Kind.RELOAD, Kind.STOP);
    }
}
