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

    /** The old one may only need longer than the new one has run. */
    @Test
    void givenAWorkerThatStillStarts_whenReloaded_thenANewcomerThatListensOnNothingMustWaitForIt() {
        Told told = new Told().start(1).on(1, new WorkerEvent.Online());
        told.asks(Event.Request.RELOAD).on(2, new WorkerEvent.Online());
        told.timesOut(2, WorkerState.PROBATION);
        assertThat(told.status().reload()).isEqualTo(new Status.Reload.InProgress(1));

        told.listens(1, "*:80").timesOut(2, WorkerState.TRIAL);

        assertThat(told.status().reload()).isInstanceOf(Status.Reload.Failed.class);
        assertThat(told.take(Action.Disconnect.class)).containsExactly(new Action.Disconnect(2));
    }

    @Test
    void
            givenAWorkerThatStillStarts_whenItIsKnownToListenOnNothing_thenTheNewcomerIsJudgedByThat() {
        Told told = new Told().start(1).on(1, new WorkerEvent.Online());
        told.asks(Event.Request.RELOAD).on(2, new WorkerEvent.Online());

        told.timesOut(1, WorkerState.STARTING).timesOut(2, WorkerState.PROBATION);

        assertThat(told.status().reload()).isEqualTo(new Status.Reload.Succeeded());
    }

    @Test
    void givenAWorkerThatStillStarts_whenTheNewcomerListens_thenItNeedNotWait() {
        Told told = new Told().start(1).asks(Event.Request.RELOAD).isProved(2, "*:80");

        assertThat(told.status().reload()).isEqualTo(new Status.Reload.Succeeded());
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
            Duration pause = Limits.pauseAfter(told.slot(0).deaths(), worker + 1);
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

    /** Until all are proved, none is. */
    @Test
    void givenTwoOfThreeReplaced_whenTheThirdFails_thenTheOldGenerationComesBack() {
        Told told = Told.thatServe(3).asks(Event.Request.RELOAD);
        told.isProved(4, "*:80").isProved(5, "*:80");
        told.take(Action.class);

        told.on(6, exits(1));
        assertThat(told.takeNotices())
                .contains(
                        new Notice.ReloadFailed(
                                new Notice.Failure.Died(new Who(2, 6, 106), new End.Code(1)), 2));
        told.isProved(7, "*:80").isProved(8, "*:80");

        assertThat(told.take(Action.class))
                .contains(
                        new Action.Disconnect(4), new Action.Disconnect(5), new Action.KeepOnly(1))
                .filteredOn(Action.Fork.class::isInstance)
                .containsExactly(new Action.Fork(8, 1, 1));
        assertThat(told.status().slots())
                .allSatisfy(
                        slot ->
                                assertThat(slot.workers())
                                        .filteredOn(one -> one.state() == WorkerState.READY)
                                        .extracting(Status.Worker::generation)
                                        .containsExactly(1));
    }

    @Test
    void givenARollBack_whenTheOldVersionDoesNotStartEither_thenTheNewOneStays() {
        Told told = Told.thatServe(2).asks(Event.Request.RELOAD).isProved(3, "*:80").isKilled(4);
        told.take(Action.class);

        told.on(5, exits(1));

        assertThat(told.takeNotices())
                .containsExactly(
                        new Notice.NotRolledBack(
                                new Notice.Failure.Died(new Who(0, 5, 105), new End.Code(1))));
        assertThat(told.status().reload()).isInstanceOf(Status.Reload.Failed.class);
        assertThat(told.slot(0).workers()).last().extracting(Status.Worker::worker).isEqualTo(3);
    }

    @Test
    void givenASurgeOfTwo_whenReloaded_thenTwoComeAtOnceAndTheNextWhenOneHasItsPlace() {
        Told told = new Told(2).start(3);
        told.listens(1, "*:80").listens(2, "*:80").listens(3, "*:80");
        told.take(Action.class);

        told.asks(Event.Request.RELOAD);
        assertThat(told.take(Action.Fork.class))
                .extracting(Action.Fork::slot)
                .containsExactly(0, 1);
        told.isProved(5, "*:80");

        assertThat(told.take(Action.Fork.class)).extracting(Action.Fork::slot).containsExactly(2);
        told.isProved(4, "*:80").isProved(6, "*:80");
        assertThat(told.status().reload()).isEqualTo(new Status.Reload.Succeeded());
    }

    @Test
    void givenASurgeOfTwo_whenOneFails_thenTheOtherOneGoesToo() {
        Told told = new Told(2).start(2).listens(1, "*:80").listens(2, "*:80");
        told.asks(Event.Request.RELOAD).listens(4, "*:80");
        told.take(Action.class);

        told.on(3, exits(1));

        assertThat(told.take(Action.Disconnect.class)).containsExactly(new Action.Disconnect(4));
        assertThat(told.status().reload()).isInstanceOf(Status.Reload.Failed.class);
    }

    /** Nobody serves, and still a version has to show that it is good before it is trusted. */
    @Test
    void givenAnEmptySlot_whenReloadedWithABadVersion_thenTheOldOneIsStartedAgain() {
        Told told = Told.thatServe(1).isKilled(1).on(2, exits(1)).on(3, exits(1));
        assertThat(told.slot(0).workers())
                .singleElement()
                .extracting(Status.Worker::state)
                .isEqualTo(WorkerState.WAITING);
        told.take(Action.class);

        told.asks(Event.Request.RELOAD).timesOut(4, WorkerState.WAITING);
        assertThat(generations(told)).containsExactly(2);
        told.on(5, exits(1));

        assertThat(told.status().reload()).isInstanceOf(Status.Reload.Failed.class);
        assertThat(generations(told)).containsExactly(1);
    }

    @Test
    void givenAnEmptySlot_whenReloadedWithAGoodVersion_thenItServesOnceItIsProved() {
        Told told = Told.thatServe(1).isKilled(1).on(2, exits(1)).on(3, exits(1));

        told.asks(Event.Request.RELOAD).isProved(5, "*:80");

        assertThat(told.status().reload()).isEqualTo(new Status.Reload.Succeeded());
        assertThat(told.slot(0).workers())
                .singleElement()
                .extracting(Status.Worker::worker)
                .isEqualTo(5);
    }

    /** Who cannot be reached serves nobody, however long its process runs. */
    @Test
    void givenANewcomerThatListens_whenItsChannelCloses_thenItIsNotBelieved() {
        Told told = Told.thatServe(1).asks(Event.Request.RELOAD).listens(2, "*:80");

        told.on(2, new WorkerEvent.Disconnected()).timesOut(2, WorkerState.PROBATION);

        assertThat(told.status().reload()).isEqualTo(new Status.Reload.InProgress(1));
        told.timesOut(2, WorkerState.TRIAL);
        assertThat(told.status().reload()).isInstanceOf(Status.Reload.Failed.class);
    }
}
