package dev.prefork.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

/** Ports that workers open for a while: what counts is what is open when it is judged. */
class ClosedAddressTest {
    @Test
    void givenAPortThatWasOpenForAWhile_whenReloaded_thenTheNewcomerNeedNotHaveIt() {
        Told told = new Told().start(1).listens(1, "*:35497").closes(1, "*:35497");
        told.listens(1, "*:80").asks(Event.Request.RELOAD);

        told.isProved(2, "*:80");

        assertThat(told.status().reload()).isEqualTo(new Status.Reload.Succeeded());
        assertThat(told.take(Action.Disconnect.class)).containsExactly(new Action.Disconnect(1));
    }

    @Test
    void givenAReload_whenTheOldOneClosesWhatTheNewcomerLacks_thenItIsProvedFromThatMoment() {
        Told told = Told.thatServe(1).listens(1, "*:81").asks(Event.Request.RELOAD);
        told.listens(2, "*:80");
        assertThat(told.status().reload()).isEqualTo(new Status.Reload.InProgress(1));

        told.closes(1, "*:81").timesOut(2, WorkerState.PROBATION);

        assertThat(told.status().reload()).isEqualTo(new Status.Reload.Succeeded());
    }

    @Test
    void givenAReload_whenTheOldOneClosesAllItsPorts_thenANewcomerThatDoesNotListenIsNotBelieved() {
        Told told = Told.thatServe(1).asks(Event.Request.RELOAD);

        told.on(2, new WorkerEvent.Online()).closes(1, "*:80");

        assertThat(told.status().reload()).isEqualTo(new Status.Reload.InProgress(1));
    }

    @Test
    void givenAReload_whenTheNewcomerClosesAPortAgain_thenItIsMissed() {
        Told told = Told.thatServe(1).listens(1, "*:81").asks(Event.Request.RELOAD);

        told.listens(2, "*:80").listens(2, "*:81").closes(2, "*:81");
        told.timesOut(2, WorkerState.PROBATION).timesOut(2, WorkerState.TRIAL);

        assertThat(told.status().reload())
                .isEqualTo(
                        new Status.Reload.Failed(
                                new Notice.Failure.DoesNotListen(
                                        new Who(0, 2, 102),
                                        List.of("*:81"),
                                        Told.LIMITS.listen())));
    }

    @Test
    void givenAWorkerThatClosedItsOnlyPort_whenItEndsWithZero_thenItsWorkWasNotDone() {
        Told told = Told.thatServe(1).closes(1, "*:80");
        told.take(Action.class);

        told.on(1, new WorkerEvent.Exited(new End.Code(0), List.of()));

        assertThat(told.take(Action.Fork.class)).hasSize(1);
    }

    @Test
    void givenAPortThatAllHaveClosed_whenItSettles_thenItIsToldWhereTheyServeNow() {
        Told told = Told.thatServe(1).listens(1, "*:81").on(new Event.Settled());
        told.takeNotices();

        told.closes(1, "*:81").on(new Event.Settled());

        assertThat(told.takeNotices())
                .containsExactly(new Notice.Serving(List.of("*:80"), List.of(new Who(0, 1, 101))));
    }
}
