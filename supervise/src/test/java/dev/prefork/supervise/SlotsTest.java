package dev.prefork.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import org.junit.jupiter.api.Test;

import java.util.List;

/** Places that outlive their workers (SPEC F4), and the generations that fill them. */
class SlotsTest {
    // Slots.

    @Test
    void givenAWorkerThatDies_whenItIsReplaced_thenItsSuccessorFillsTheSameSlot() {
        Told told = Told.thatServe(2);
        told.take(Action.class);

        told.isKilled(2);

        assertThat(told.take(Action.Fork.class)).containsExactly(new Action.Fork(3, 1, 1));
        assertThat(told.take(Action.CloseSlot.class)).isEmpty();
    }

    @Test
    void givenAReload_whenTheNewcomerIsTried_thenItIsInTheSlotOfTheOldOneWithANumberOfItsOwn() {
        Told told = Told.thatServe(2);
        told.take(Action.class);

        told.asks(Event.Request.RELOAD);

        assertThat(told.take(Action.Fork.class)).containsExactly(new Action.Fork(3, 0, 2));
        assertThat(told.slot(0).workers())
                .extracting(Status.Worker::worker, Status.Worker::generation)
                .containsExactly(tuple(1, 1), tuple(3, 2));
    }

    @Test
    void givenOneFewer_whenItsWorkerIsGone_thenItsSlotIsClosedAndItsNumberFree() {
        Told told = Told.thatServe(2);
        told.take(Action.class);

        told.asks(Event.Request.ONE_FEWER);
        assertThat(told.take(Action.CloseSlot.class)).containsExactly(new Action.CloseSlot(1));
        assertThat(told.slot(1).open()).isFalse();
        told.asks(Event.Request.ONE_MORE).isKilled(2);
        assertThat(told.take(Action.Fork.class)).containsExactly(new Action.Fork(3, 2, 1));
        told.asks(Event.Request.ONE_MORE);

        assertThat(told.take(Action.Fork.class)).containsExactly(new Action.Fork(4, 1, 1));
    }

    @Test
    void givenAWorkerThatHasDoneItsWork_whenItEnds_thenItsSlotIsClosed() {
        Told told = new Told().start(2);

        told.on(1, new WorkerEvent.Exited(new End.Code(0), List.of()));

        assertThat(told.take(Action.CloseSlot.class)).containsExactly(new Action.CloseSlot(0));
        assertThat(told.status().slots()).extracting(Status.Slot::number).containsExactly(1);
    }

    @Test
    void givenTheEnd_whenItBegins_thenNoSuccessorIsPromisedAnyMore() {
        Told told = Told.thatServe(2);
        told.take(Action.class);

        told.asks(Event.Request.STOP);

        assertThat(told.take(Action.CloseSlot.class))
                .containsExactly(new Action.CloseSlot(0), new Action.CloseSlot(1));
        assertThat(told.status().ending()).isTrue();
    }

    /** SPEC F5. */
    @Test
    void givenTheEnd_whenItBegins_thenNobodyCanConnectBeforeAnyWorkerIsToldToLeave() {
        Told told = Told.thatServe(2);
        told.take(Action.class);

        told.asks(Event.Request.STOP);

        assertThat(told.take(Action.class))
                .containsSubsequence(
                        new Action.CloseSlot(1),
                        new Action.TakeNoMore(),
                        new Action.Disconnect(1),
                        new Action.Disconnect(2));
    }

    @Test
    void givenAWorkerThatServedForLong_whenItsTimeIsOver_thenItsSlotIsSettledWhileItIsOpen() {
        Told told = Told.thatServe(2);
        assertThat(told.take(Action.SettleSlot.class)).isEmpty();

        told.timesOut(2, WorkerState.READY);
        assertThat(told.take(Action.SettleSlot.class)).containsExactly(new Action.SettleSlot(1));
        told.asks(Event.Request.ONE_FEWER).timesOut(2, WorkerState.READY);

        assertThat(told.take(Action.SettleSlot.class)).isEmpty();
    }

    /** Its ports stay open for who comes next, while nobody has listened in the newer slot. */
    @Test
    void givenThatTheOnlyOneThatListenedHasDied_whenThereIsToBeOneFewer_thenItsSlotStays() {
        Told told = Told.thatServe(1).asks(Event.Request.ONE_MORE).isKilled(1);
        told.take(Action.class);

        told.asks(Event.Request.ONE_FEWER);

        assertThat(told.take(Action.CloseSlot.class)).containsExactly(new Action.CloseSlot(1));
    }

    /** Its second port is to be opened by the other one in a moment. */
    @Test
    void givenAPortThatOnlyTheNewestSlotKeeps_whenThereIsToBeOneFewer_thenItsSlotStays() {
        Told told = Told.thatServe(2).listens(2, "*:81");
        told.take(Action.class);

        told.asks(Event.Request.ONE_FEWER);

        assertThat(told.take(Action.CloseSlot.class)).containsExactly(new Action.CloseSlot(0));
    }

    @Test
    void givenAPortThatWasClosedAgain_whenThereIsToBeOneFewer_thenNobodyMissesIt() {
        Told told = Told.thatServe(2).listens(2, "*:81").on(2, new WorkerEvent.Closed("*:81"));
        told.take(Action.class);

        told.asks(Event.Request.ONE_FEWER);

        assertThat(told.take(Action.CloseSlot.class)).containsExactly(new Action.CloseSlot(1));
    }

    /** It may need longer than is usual, and then its ports are to be there. */
    @Test
    void givenASlowSuccessor_whenItListensOnNothingForLong_thenItStillStartsAndNothingIsClosed() {
        Told told = Told.thatServe(1).isKilled(1);
        told.takeNotices();

        told.timesOut(2, WorkerState.STARTING).timesOut(2, WorkerState.READY);

        assertThat(told.slot(0).workers())
                .extracting(Status.Worker::state)
                .containsExactly(WorkerState.STARTING);
        assertThat(told.take(Action.class))
                .contains(
                        new Action.Tell(
                                new Notice.NotListening(new Who(0, 2, 102), Told.LIMITS.silence())))
                .noneMatch(Action.SettleSlot.class::isInstance);
    }

    @Test
    void givenASlowSuccessor_whenItHasNotListened_thenItIsNotToldThatAllServe() {
        Told told = Told.thatServe(2).isKilled(1).timesOut(3, WorkerState.STARTING);
        told.takeNotices();

        assertThat(told.on(new Event.Settled()).takeNotices()).isEmpty();
        told.listens(3, "*:80").on(new Event.Settled());

        assertThat(told.takeNotices())
                .containsExactly(
                        new Notice.Serving(
                                List.of("*:80"), List.of(new Who(1, 2, 102), new Who(0, 3, 103))));
    }

    /** What it opens next may be a second away. */
    @Test
    void givenAProgramThatListensLate_whenItDoes_thenTheTimeUntilItsSlotIsSettledBeginsAnew() {
        Told told = new Told().start(1).timesOut(1, WorkerState.STARTING);
        told.take(Action.class);

        told.listens(1, "*:80");

        assertThat(told.take(Action.StartTimer.class))
                .containsExactly(new Action.StartTimer(1, WorkerState.READY, Limits.STEADY));
    }

    @Test
    void givenASettledSlot_whenANewcomerThatListenedHasFailed_thenWhatItHadOpenedIsClosed() {
        Told told = Told.thatServe(1).timesOut(1, WorkerState.READY);
        told.asks(Event.Request.RELOAD).listens(2, "*:81").take(Action.class);

        told.isKilled(2);

        assertThat(told.take(Action.SettleSlot.class)).containsExactly(new Action.SettleSlot(0));
    }

    /** It may still be about to open it. */
    @Test
    void givenASlotThatHasNotSettled_whenANewcomerHasFailed_thenNothingIsClosed() {
        Told told = Told.thatServe(1).asks(Event.Request.RELOAD).listens(2, "*:81");

        told.isKilled(2);

        assertThat(told.take(Action.SettleSlot.class)).isEmpty();
    }

    /** The port stays open either way, but nobody would answer. */
    @Test
    void givenANewcomerForADeadWorker_whenThereIsToBeOneFewer_thenTheOneThatServesStays() {
        Told told = Told.thatServe(2).asks(Event.Request.RELOAD).isKilled(1);
        told.take(Action.class);

        told.asks(Event.Request.ONE_FEWER);

        assertThat(told.take(Action.CloseSlot.class)).containsExactly(new Action.CloseSlot(0));
    }

    /** A server that ends before it listens again has not done its work. */
    @Test
    void givenASlotInWhichSomebodyListened_whenTheNextEndsWithZero_thenItIsReplaced() {
        Told told = Told.thatServe(1).isKilled(1);
        told.take(Action.class);

        told.on(2, new WorkerEvent.Exited(new End.Code(0), List.of()));

        assertThat(told.take(Action.class))
                .contains(new Action.Fork(3, 0, 1))
                .noneMatch(Action.CloseSlot.class::isInstance);
    }

    // Generations.

    @Test
    void givenAWorkerThatDiesDuringAReload_thenItsSuccessorIsOfTheOldOnesAndReplacedInItsTurn() {
        Told told = Told.thatServe(2).asks(Event.Request.RELOAD).isKilled(2);
        assertThat(told.take(Action.Fork.class)).endsWith(new Action.Fork(4, 1, 1));

        told.listens(4, "*:80").isProved(3, "*:80").isProved(5, "*:80");

        assertThat(told.status().reload()).isEqualTo(new Status.Reload.Succeeded());
        assertThat(told.isKilled(5).take(Action.Fork.class))
                .containsExactly(new Action.Fork(5, 1, 2), new Action.Fork(6, 1, 2));
    }

    @Test
    void givenAReloadThatFailedLate_whenItIsRolledBackAndThereIsAnother_thenAllAreReplaced() {
        Told told = Told.thatServe(2).asks(Event.Request.RELOAD).isProved(3, "*:80").isKilled(4);
        assertThat(told.status().reload()).isInstanceOf(Status.Reload.RollingBack.class);
        told.isProved(5, "*:80");
        assertThat(told.status().reload()).isInstanceOf(Status.Reload.Failed.class);

        told.asks(Event.Request.RELOAD);

        assertThat(told.status().generation()).isEqualTo(3);
        assertThat(told.status().reload()).isEqualTo(new Status.Reload.InProgress(2));
    }
}
