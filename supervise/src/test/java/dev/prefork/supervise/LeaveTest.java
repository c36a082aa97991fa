package dev.prefork.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.Optional;

/** A leave has one time, which is kept whatever happens in it (SPEC F5). */
class LeaveTest {
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                // said drain, said total: drain, total
                "-, -, 20, 30",
                "-, 6, 4, 6",
                "-, 0, 0, 0",
                "5, -, 5, 30",
                "25, -, 25, 35",
                "600, -, 600, 610",
                "5, 8, 5, 8",
                "5, 5, 5, 5"
            })
    void whatIsSaid(Integer drain, Integer total, int drained, int all) {
        assertThat(LeaveTimes.of(seconds(drain), seconds(total)))
                .isEqualTo(new LeaveTimes(Duration.ofSeconds(drained), Duration.ofSeconds(all)))
                .returns(true, LeaveTimes::isPossible);
    }

    @Test
    void aPartIsNotLongerThanTheWhole() {
        assertThat(LeaveTimes.of(seconds(6), seconds(5)).isPossible()).isFalse();
    }

    private static Optional<Duration> seconds(Integer number) {
        return Optional.ofNullable(number).map(Duration::ofSeconds);
    }

    @Test
    void givenAWorkerThatServes_whenItLeaves_thenItsDeadlineBeginsAndNothingBeginsItAnew() {
        Told told = Told.thatServe(1);
        told.take(Action.class);

        told.asks(Event.Request.STOP)
                .timesOut(1, WorkerState.DRAINING)
                .on(1, new WorkerEvent.Disconnected());

        assertThat(told.take(Action.StartDeadline.class))
                .containsExactly(new Action.StartDeadline(1, Told.LIMITS.stop()));
    }

    @Test
    void givenAReloadUnderWay_whenStopped_thenTheOldAndTheNewHaveTheSameTime() {
        Told told = Told.thatServe(1).asks(Event.Request.RELOAD);
        told.take(Action.class);

        told.asks(Event.Request.STOP);

        assertThat(told.take(Action.StartDeadline.class))
                .containsExactly(
                        new Action.StartDeadline(1, Told.LIMITS.stop()),
                        new Action.StartDeadline(2, Told.LIMITS.stop()));
    }

    @Test
    void givenItStillDrains_whenItsDeadlineIsOver_thenItIsKilled() {
        Told told = Told.thatServe(1).asks(Event.Request.STOP);
        told.take(Action.class);

        told.on(1, new WorkerEvent.Overdue());

        assertThat(told.take(Action.Signal.class)).containsExactly(new Action.Signal(1, "SIGKILL"));
    }
}
