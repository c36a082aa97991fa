package dev.prefork.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

/** Newcomers of a reload whose place is empty before they are proved (SPEC F13). */
class AdoptionTest {
    private static WorkerEvent exits(int code) {
        return new WorkerEvent.Exited(new End.Code(code), List.of());
    }

    /** The one that is on its way is as good as another would be. */
    @Test
    void givenARollBack_whenTheOneThatIsReplacedDies_thenItsNewcomerTakesThePlace() {
        Told told = Told.thatServe(2).asks(Event.Request.RELOAD).isProved(3, "*:80").isKilled(4);
        told.take(Action.class);

        told.isKilled(3);

        assertThat(told.take(Action.class))
                .contains(new Action.KeepOnly(1))
                .noneMatch(Action.Fork.class::isInstance);
        assertThat(told.slot(0).workers())
                .last()
                .extracting(Status.Worker::worker, Status.Worker::state)
                .containsExactly(5, WorkerState.STARTING);
    }

    @Test
    void givenAnOldOneThatHasDoneItsWork_whenItsNewcomerHasNotBegun_thenTheReloadGoesOn() {
        Told told = new Told().start(1).asks(Event.Request.RELOAD).on(1, exits(0));
        assertThat(told.status().reload()).isEqualTo(new Status.Reload.InProgress(0));

        told.listens(2, "*:80");

        assertThat(told.status().reload()).isEqualTo(new Status.Reload.Succeeded());
    }

    @Test
    void givenAnOldOneThatHasDoneItsWork_whenItsNewcomerDiesAtOnce_thenTheReloadFails() {
        Told told = new Told().start(1).asks(Event.Request.RELOAD).on(1, exits(0));
        told.take(Action.class);

        told.on(2, exits(1));

        assertThat(told.status().reload()).isInstanceOf(Status.Reload.Failed.class);
        assertThat(told.take(Action.Fork.class)).containsExactly(new Action.Fork(3, 0, 1));
    }

    /** Its end follows. */
    @Test
    void givenANewWorkerThatLostItsChannel_whenTheLastOneIsProved_thenTheReloadAwaitsItsEnd() {
        Told told = Told.thatServe(2).asks(Event.Request.RELOAD).isProved(3, "*:80");
        told.on(3, new WorkerEvent.Disconnected()).isProved(4, "*:80");
        assertThat(told.status().reload()).isEqualTo(new Status.Reload.InProgress(0));

        told.isKilled(3);

        assertThat(told.status().reload()).isInstanceOf(Status.Reload.RollingBack.class);
    }

    @Test
    void givenANewcomerWithoutAChannel_whenTheOldOneHasDoneItsWork_thenItIsEndedAndReplaced() {
        Told told = new Told().start(1).asks(Event.Request.RELOAD);
        told.on(2, new WorkerEvent.Disconnected());

        told.on(1, exits(0));
        told.take(Action.class);
        told.timesOut(2, WorkerState.LOST);

        assertThat(told.take(Action.Signal.class)).containsExactly(new Action.Signal(2, "SIGKILL"));
    }
}
