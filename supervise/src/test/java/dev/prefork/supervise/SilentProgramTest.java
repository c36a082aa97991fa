package dev.prefork.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Workers that run for longer than it takes to be said that they listen on nothing, and then fail
 * (SPEC F7): whether they are broken.
 */
class SilentProgramTest {
    private static WorkerEvent fails() {
        return new WorkerEvent.Exited(new End.Code(1), List.of());
    }

    /** It has run for so long that it is said once, and then fails. */
    private static Told failsSlowly(Told told, int worker) {
        return told.timesOut(worker, WorkerState.STARTING).on(worker, fails());
    }

    private static List<Duration> pauses(Told told) {
        return told.takeNotices().stream()
                .filter(Notice.WorkerDied.class::isInstance)
                .map(Notice.WorkerDied.class::cast)
                .map(Notice.WorkerDied::pause)
                .toList();
    }

    @Test
    void givenAProgramThatFailsSlowlyAgainAndAgain_thenThePausesGrowAndItIsGivenUp() {
        Told told = new Told().start(1);

        for (int worker = 1; worker <= Hope.GIVE_UP_AFTER; worker++) {
            told.timesOut(worker, WorkerState.WAITING);
            failsSlowly(told, worker);
        }

        assertThat(told.take(Action.class))
                .contains(new Action.End(1))
                .filteredOn(Action.StartTimer.class::isInstance)
                .contains(
                        new Action.StartTimer(3, WorkerState.WAITING, Limits.pauseAfter(2, 3)),
                        new Action.StartTimer(5, WorkerState.WAITING, Limits.pauseAfter(4, 5)));
    }

    @Test
    void givenAProgramThatListensOnNothing_whenItHasRunForLong_thenItsDeathIsOneOfAGoodOne() {
        Told told = new Told().start(1);
        List<Duration> pauses = new ArrayList<>();

        for (int worker = 1; worker <= 3 * Hope.GIVE_UP_AFTER; worker++) {
            told.timesOut(worker, WorkerState.STARTING).timesOut(worker, WorkerState.READY);
            pauses.addAll(pauses(told.on(worker, fails())));
        }

        assertThat(pauses).hasSize(3 * Hope.GIVE_UP_AFTER).containsOnly(Duration.ZERO);
    }

    @Test
    void givenASlotInWhichSomebodyListened_whenSuccessorsFailBeforeTheyDo_thenThePausesGrow() {
        Told told = Told.thatServe(1).isKilled(1);
        told.take(Action.class);

        // However long it runs.
        failsSlowly(told.timesOut(2, WorkerState.STARTING), 2);
        failsSlowly(told, 3);
        failsSlowly(told.timesOut(4, WorkerState.WAITING), 4);

        assertThat(pauses(told))
                .containsExactly(Duration.ZERO, Limits.pauseAfter(2, 4), Limits.pauseAfter(3, 5));
    }

    @Test
    void givenAProgramThatListened_whenItFailsSlowlyAfterwards_thenItIsNeverGivenUp() {
        Told told = Told.thatServe(1).isKilled(1);

        for (int worker = 2; worker <= 3 * Hope.GIVE_UP_AFTER; worker++) {
            failsSlowly(told.timesOut(worker, WorkerState.WAITING), worker);
        }

        assertThat(told.take(Action.End.class)).isEmpty();
    }
}
