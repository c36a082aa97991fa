package dev.prefork.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

/**
 * A reload is a transaction (SPEC F13), and what comes of one that is broken for long (F7, F14).
 */
class TransactionTest {
    private static WorkerEvent exits(int code) {
        return new WorkerEvent.Exited(new End.Code(code), List.of());
    }

    private static List<Integer> generations(Told told) {
        return told.take(Action.Fork.class).stream().map(Action.Fork::generation).toList();
    }

    @Test
    void
            givenANewcomerThatListens_whenItDiesBeforeItIsProved_thenTheReloadFailsAndTheOldOneStays() {
        Told told = Told.thatServe(1).asks(Event.Request.RELOAD).listens(2, "*:80");
        told.take(Action.class);

        told.on(2, exits(1));

        assertThat(told.status().reload()).isInstanceOf(Status.Reload.Failed.class);
        assertThat(told.take(Action.Disconnect.class)).isEmpty();
        assertThat(told.status().desired()).isEqualTo(1);
    }

    @Test
    void givenAReloadThatFailed_whenAnOldWorkerDiesLater_thenItsSuccessorIsOfTheOldOnes() {
        Told told = Told.thatServe(1).asks(Event.Request.RELOAD).isKilled(2);
        told.take(Action.class);

        told.isKilled(1);

        assertThat(generations(told)).containsExactly(1);
    }

    @Test
    void givenAReload_whenTheOldWorkerIsKilled_thenASilentNewcomerIsNotBelieved() {
        Told told = Told.thatServe(1).asks(Event.Request.RELOAD).isKilled(1);

        told.on(2, new WorkerEvent.Online()).timesOut(2, WorkerState.PROBATION);

        assertThat(told.status().reload()).isEqualTo(new Status.Reload.InProgress(1));
    }

    @Test
    void givenASilentProgram_whenItsNewcomerHasRunForAWhile_thenItIsBelieved() {
        Told told = new Told().start(1).on(1, new WorkerEvent.Online());
        told.timesOut(1, WorkerState.STARTING).asks(Event.Request.RELOAD);
        told.on(2, new WorkerEvent.Online());
        assertThat(told.status().reload()).isEqualTo(new Status.Reload.InProgress(1));

        told.timesOut(2, WorkerState.PROBATION);

        assertThat(told.status().reload()).isEqualTo(new Status.Reload.Succeeded());
    }

    @Test
    void givenASilentProgram_whenItsNewcomerEndsAtOnce_thenTheReloadFails() {
        Told told = new Told().start(1).timesOut(1, WorkerState.STARTING);
        told.asks(Event.Request.RELOAD).on(2, new WorkerEvent.Online());

        told.on(2, exits(1));

        assertThat(told.status().reload()).isInstanceOf(Status.Reload.Failed.class);
    }

    /** A consumer of a queue that dies once an hour is never given up. */
    @Test
    void givenASilentProgramThatRunsForAWhileEachTime_whenItDiesOften_thenItIsReplacedAtOnce() {
        Told told = new Told().start(1);
        for (int worker = 1; worker <= 20; worker++) {
            told.timesOut(worker, WorkerState.STARTING).timesOut(worker, WorkerState.READY);
            told.take(Action.class);

            told.on(worker, exits(1));

            assertThat(told.take(Action.Fork.class)).hasSize(1);
        }
    }

    /** SPEC F7: broken for ten minutes, then repaired, with nobody's help. */
    @Test
    void givenADeployThatIsBrokenForLong_whenItIsRepaired_thenItServesAndThePausesBeginAnew() {
        Told told = Told.thatServe(1).isKilled(1);
        Duration clock = Duration.ZERO;
        int worker = 2;
        for (; clock.compareTo(Duration.ofMinutes(10)) < 0; worker++) {
            told.take(Action.class);
            told.on(worker, exits(1));
            Duration pause = Limits.pauseAfter(told.slot(0).deaths());
            assertThat(pause).isLessThanOrEqualTo(Duration.ofSeconds(30));
            clock = clock.plus(pause).plusMillis(500);
            if (!pause.isZero()) {
                told.timesOut(worker + 1, WorkerState.WAITING);
            }
            assertThat(told.take(Action.End.class)).isEmpty();
        }
        assertThat(worker).as("far fewer starts than one each second").isLessThan(40);

        told.listens(worker, "*:80").take(Action.class);
        told.isKilled(worker);

        assertThat(told.take(Action.Fork.class)).hasSize(1);
        assertThat(told.status().ending()).isFalse();
    }

    /** However long they may drain: one of each slot at a time. */
    @Test
    void givenClientsThatNeverLeave_whenReloadedManyTimes_thenTheDrainingOnesDoNotPileUp() {
        Told told = Told.thatServe(2);
        for (int newest = 3; newest <= 21; newest += 2) {
            told.asks(Event.Request.RELOAD).asks(Event.Request.RELOAD).asks(Event.Request.RELOAD);
            told.isProved(newest, "*:80").isProved(newest + 1, "*:80");
            newest += 2;
            told.isProved(newest, "*:80").isProved(newest + 1, "*:80");

            assertThat(told.status().reload()).isEqualTo(new Status.Reload.Succeeded());
            for (int number : List.of(0, 1)) {
                assertThat(told.slot(number).workers())
                        .filteredOn(one -> one.state() == WorkerState.DRAINING)
                        .hasSizeLessThanOrEqualTo(1);
                assertThat(told.slot(number).workers())
                        .filteredOn(one -> one.state() == WorkerState.READY)
                        .hasSize(1);
            }
            assertThat(told.status().slots()).extracting(Status.Slot::number).containsExactly(0, 1);
        }
    }
}
