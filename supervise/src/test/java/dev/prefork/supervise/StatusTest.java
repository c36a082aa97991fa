package dev.prefork.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

/** All that is known at a moment, as a value. */
class StatusTest {
    @Test
    void givenTwoWorkers_whenOneListens_thenEachSlotTellsOfItsWorker() {
        Status status = new Told().start(2).listens(2, "*:80").status();

        assertThat(status)
                .isEqualTo(
                        new Status(
                                2,
                                1,
                                List.of(
                                        slot(0, starting(1, 0)),
                                        slot(
                                                1,
                                                new Status.Worker(
                                                        2,
                                                        new Who(1, 2, 102),
                                                        1,
                                                        WorkerState.READY,
                                                        List.of("*:80")))),
                                new Status.Reload.Never(),
                                false));
    }

    private static Status.Slot slot(int number, Status.Worker worker) {
        return new Status.Slot(number, true, List.of(worker), 0, Optional.empty());
    }

    private static Status.Worker starting(int worker, int slot) {
        return new Status.Worker(
                worker, new Who(slot, worker, 100 + worker), 1, WorkerState.STARTING, List.of());
    }

    @Test
    void givenDeaths_whenAnotherIsAwaited_thenTheSlotTellsHowManyAndTheLastEnd() {
        Told told = Told.thatServe(1).isKilled(1).isKilled(2).isKilled(3);

        Status.Slot slot = told.slot(0);

        assertThat(slot.deaths()).isEqualTo(2);
        assertThat(slot.lastEnd())
                .contains(
                        new Status.Ended(
                                new Who(0, 3, 103), new End.Signal("SIGKILL"), List.of("ouch")));
        assertThat(slot.workers())
                .containsExactly(
                        new Status.Worker(4, new Who(0, 0, 0), 1, WorkerState.WAITING, List.of()));
    }

    @Test
    void givenDeathsBeforeServing_whenOneServesAndDies_thenTheyAreForgotten() {
        Told told = Told.thatServe(1).isKilled(1).isKilled(2).listens(3, "*:80");
        assertThat(told.slot(0).deaths()).isEqualTo(1);

        told.isKilled(3);

        assertThat(told.slot(0).deaths()).isZero();
    }

    @Test
    void givenAReload_whenItGoesOnAndFails_thenItIsToldHowFarItIsAndWhy() {
        Told told = Told.thatServe(2).asks(Event.Request.RELOAD);
        assertThat(told.status().reload()).isEqualTo(new Status.Reload.InProgress(2));
        assertThat(told.status().desired()).isEqualTo(2);

        told.isProved(3, "*:80");
        assertThat(told.status().reload()).isEqualTo(new Status.Reload.InProgress(1));
        told.timesOut(4, WorkerState.TRIAL);

        Notice.Failure why =
                new Notice.Failure.DoesNotListen(
                        new Who(1, 4, 104), List.of("*:80"), Told.LIMITS.listen());
        assertThat(told.status().reload()).isEqualTo(new Status.Reload.RollingBack(why, 1));
        told.isProved(5, "*:80");
        assertThat(told.status().reload()).isEqualTo(new Status.Reload.Failed(why));
    }

    @Test
    void givenAReload_whenAllAreToGo_thenItIsAbandoned() {
        Told told = Told.thatServe(2).asks(Event.Request.RELOAD);

        told.asks(Event.Request.STOP);

        assertThat(told.status().reload()).isEqualTo(new Status.Reload.Abandoned());
        assertThat(told.status().desired()).isZero();
    }
}
