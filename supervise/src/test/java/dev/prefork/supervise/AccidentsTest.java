package dev.prefork.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

/** A request that kills whoever serves it is told as what it is. SPEC F14. */
class AccidentsTest {
    private static final WorkerEvent FAILS = new WorkerEvent.Exited(new End.Code(4), List.of());

    private static Told dieWhileServing(Told told, int first, int many) {
        for (int worker = first; worker < first + many; worker++) {
            told.listens(worker, "*:80").on(worker, FAILS);
        }
        return told;
    }

    @Test
    void givenSevenDeathsInFiveMinutes_thenItIsToldOnceWithTheMostFrequentEnd() {
        Told told = new Told().start(1).listens(1, "*:80").isKilled(1);
        assertThat(told.take(Action.StartCounting.class))
                .containsExactly(new Action.StartCounting(Accidents.WITHIN));

        dieWhileServing(told, 2, 12);

        assertThat(told.takeNotices())
                .filteredOn(Notice.DieOften.class::isInstance)
                .containsExactly(new Notice.DieOften(7, Accidents.WITHIN, new End.Code(4)));
    }

    @Test
    void givenSixDeathsInEachFiveMinutes_thenNothingIsTold() {
        Told told = dieWhileServing(new Told().start(1), 1, 6);

        dieWhileServing(told.on(new Event.Counted()), 7, 6);

        assertThat(told.takeNotices()).noneMatch(Notice.DieOften.class::isInstance);
    }

    @Test
    void givenDeathsBeforeServing_thenTheyAreNotCounted() {
        Told told = Told.thatServe(1).isKilled(1);
        told.take(Action.class);
        for (int worker = 2; worker < 12; worker++) {
            told.on(worker, FAILS).timesOut(worker + 1, WorkerState.WAITING);
        }

        assertThat(told.takeNotices()).noneMatch(Notice.DieOften.class::isInstance);
    }
}
