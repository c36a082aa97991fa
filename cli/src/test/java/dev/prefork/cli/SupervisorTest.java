package dev.prefork.cli;

import static dev.prefork.supervise.Event.Request.HANG_UP;
import static dev.prefork.supervise.Event.Request.INTERRUPT;
import static dev.prefork.supervise.Event.Request.ONE_FEWER;
import static dev.prefork.supervise.Event.Request.ONE_MORE;
import static dev.prefork.supervise.Event.Request.RELOAD;
import static dev.prefork.supervise.Event.Request.RESUME;
import static dev.prefork.supervise.Event.Request.STOP;
import static dev.prefork.supervise.Event.Request.SUSPEND;
import static dev.prefork.supervise.Event.Request.THREAD_DUMP;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.supervise.Event;
import dev.prefork.supervise.WorkerState;

import org.junit.jupiter.api.Test;

/** What becomes of several workers, and what is said of it. */
class SupervisorTest {
    // The start.

    @Test
    void givenTwoWorkers_whenBothListen_thenItSaysSoOnceAllAddressesAreKnown() {
        Play play = new Play().start(2);
        assertThat(play.wanted())
                .contains("fork 1 slot 0", "fork 2 slot 1", "progress 0 of 2 workers ready ...");

        assertThat(play.listens(2, "*:80").settles().wanted())
                .containsExactly("timer 2 READY 60 s", "progress 1 of 2 workers ready ...");
        assertThat(play.listens(1, "*:80").listens(1, "[::1]:81").wanted())
                .contains("progress ", "settle")
                .noneMatch(text -> text.startsWith("say"));
        assertThat(play.settles().settles().deeds())
                .containsExactly("say serving *:80, [::1]:81 with 2 workers, pids 101 102");
    }

    @Test
    void givenOneWorker_whenItListens_thenItIsSaidInTheSingular() {
        Play play = new Play().start(1).listens(1, "*:80").settles();

        assertThat(play.deeds())
                .containsExactly("fork 1 slot 0", "say serving *:80 with 1 worker, pid 101");
    }

    @Test
    void givenWorkersThatDoNotListen_whenTheTimeIsOver_thenItSaysSoOnce() {
        Play play = new Play().start(2);
        play.wanted();

        play.timesOut(1, WorkerState.STARTING).timesOut(2, WorkerState.STARTING);

        assertThat(play.deeds())
                .singleElement()
                .asString()
                .startsWith("say worker 1 (pid 101) has run for 10 s and listens on no port");
    }

    // Deaths.

    @Test
    void givenWorkersThatServe_whenOneDies_thenItsSuccessorHasItsSlotAndComesAtOnce() {
        Play play = Play.ofTwoThatServe();

        assertThat(play.isKilled(1).deeds())
                .containsExactly(
                        "say worker 1 (pid 101) died: SIGKILL; starting another", "fork 3 slot 0");
        assertThat(play.listens(3, "*:80").settles().deeds())
                .containsExactly("say serving *:80 with 2 workers, pids 102 103");
    }

    /** SPEC F14: however often, and however short it served. */
    @Test
    void givenASlotWhoseWorkersServe_whenTheyDieAgainAndAgain_thenEachIsReplacedAtOnce() {
        Play play = Play.ofTwoThatServe().isKilled(1);

        for (int worker = 3; worker < 12; worker++) {
            play.listens(worker, "*:80").exits(worker, 1);

            assertThat(play.deeds()).endsWith("fork " + (worker + 1) + " slot 0");
        }
    }

    @Test
    void givenSuccessorsThatDieBeforeTheyServe_thenTheyComeLaterAndLaterUntilOneServes() {
        Play play = Play.ofTwoThatServe().isKilled(1);

        assertThat(play.exits(3, 1).deeds()).endsWith("fork 4 slot 0");
        assertThat(play.exits(4, 1).wanted())
                .contains(
                        "say worker 4 (pid 104) died: exit code 1; starting another in 0.1 s",
                        "timer 5 WAITING 0.084 s");
        assertThat(play.timesOut(5, WorkerState.WAITING).deeds()).containsExactly("fork 5 slot 0");
        play.listens(5, "*:80");
        assertThat(play.exits(5, 1).deeds()).endsWith("fork 6 slot 0");
    }

    @Test
    void givenAWorkerThatClosesItsChannel_whenItEnds_thenItIsReplacedToo() {
        Play play = Play.ofTwoThatServe().disconnects(1);
        assertThat(play.wanted()).contains("timer 1 LOST 30 s");

        assertThat(play.exits(1, 0).deeds())
                .containsExactly(
                        "say worker 1 (pid 101) died: exit code 0; starting another",
                        "fork 3 slot 0");
    }

    @Test
    void givenNoWorkerEverListened_whenTheFifthDies_thenItGivesUpWithItsReasonAndLastLines() {
        Play play = new Play().start(1);
        for (int worker = 1; worker <= 4; worker++) {
            play.exits(worker, 1).timesOut(worker + 1, WorkerState.WAITING);
        }
        play.wanted();

        assertThat(play.exits(5, 3, "no such file").wanted())
                .containsExactly(
                        "say giving up, as 5 workers died before any listened on a port; the last,"
                                + " worker 5 (pid 105), with exit code 3; its last lines:",
                        "say   no such file",
                        "progress ",
                        "end 1");
    }

    @Test
    void givenTheOtherWorkerStillRuns_whenItGivesUp_thenThatOneIsEndedFirst() {
        Play play = new Play().start(2);
        for (int worker : new int[] {1, 3, 4, 5}) {
            play.exits(worker, 1).timesOut(worker + 1, WorkerState.WAITING);
        }
        play.wanted();

        assertThat(play.exits(6, 1).deeds()).hasSize(2).endsWith("SIGTERM 2");
        assertThat(play.exits(2, 143).deeds()).containsExactly("end 1");
    }

    @Test
    void givenAWorkerHasListened_whenManyDie_thenItDoesNotGiveUp() {
        Play play = new Play().start(1).listens(1, "*:80");
        for (int worker = 1; worker <= 20; worker++) {
            play.exits(worker, 1).timesOut(worker + 1, WorkerState.WAITING);
        }

        assertThat(play.deeds())
                .contains("fork 21 slot 0")
                .noneMatch(text -> text.contains("giving"));
    }

    @Test
    void givenProcessesThatCannotBeStarted_whenStarted_thenItGivesUpToo() {
        Play play = new Play().forksFail("no memory").start(1);
        for (int worker = 3; worker <= 5; worker++) {
            play.timesOut(worker, WorkerState.WAITING);
        }

        assertThat(play.deeds())
                .contains("say a worker died: no memory; starting another")
                .endsWith("end 1");
    }

    @Test
    void givenManyProcessesOfWhichNoneCanBeStarted_whenStarted_thenItEndsAtOnce() {
        assertThat(new Play().forksFail("no memory").start(8).deeds()).endsWith("end 1");
    }

    @Test
    void givenABatchProgram_whenAllWorkersHaveEndedWithZero_thenItEndsWithZero() {
        Play play = new Play().start(2).disconnects(1).exits(1, 0);
        assertThat(play.deeds()).noneMatch(text -> text.startsWith("end"));

        assertThat(play.exits(2, 0).deeds()).endsWith("end 0").noneMatch("fork 3 slot 0"::equals);
    }

    // Reloading.

    @Test
    void givenWorkers_whenThreadDumpsAreWanted_thenThoseThatAreSoFarAreAsked() {
        Play play = new Play().start(3).online(1).online(2).online(3);
        play.isKilled(2).wanted();

        assertThat(play.asks(THREAD_DUMP).wanted()).containsExactly("SIGQUIT 1", "SIGQUIT 3");
        assertThat(play.online(4).asks(STOP).asks(THREAD_DUMP).deeds())
                .endsWith("SIGQUIT 1", "SIGQUIT 3", "SIGQUIT 4");
    }

    @Test
    void givenWorkers_whenSuspendedAndResumed_thenTheyStopBeforeUsAndGoOnAfterUs() {
        Play play = Play.ofTwoThatServe();

        assertThat(play.asks(SUSPEND).wanted())
                .containsExactly("SIGSTOP 1", "SIGSTOP 2", "suspend");
        assertThat(play.asks(RESUME).wanted()).containsExactly("SIGCONT 1", "SIGCONT 2");
    }

    @Test
    void givenTwoWorkers_whenTheTerminalHangsUp_thenTheyLeaveAndTheCodeIsThatOfSighup() {
        Play play = Play.ofTwoThatServe().asks(HANG_UP);
        assertThat(play.deeds()).contains("disconnect 1", "disconnect 2");

        assertThat(play.disconnects(1).exits(1, 0).disconnects(2).exits(2, 0).deeds())
                .endsWith("end 129");
    }

    @Test
    void givenTwoWorkers_whenReloaded_thenEachNewOneListensBeforeAnOldOneGoes() {
        Play play = Play.ofTwoThatServe().asks(RELOAD);
        assertThat(play.wanted())
                .containsExactly("say reloading 2 workers", "timer 3 TRIAL 60 s", "fork 3 slot 0");

        assertThat(play.listens(3, "*:81").deeds()).isEmpty();
        assertThat(play.listens(3, "*:80").wanted()).containsExactly("timer 3 PROBATION 2 s");
        assertThat(play.isProved(3).wanted())
                .contains(
                        "disconnect 1",
                        "timer 1 DRAINING 20 s",
                        "timer 1 for all 30 s",
                        "fork 4 slot 1");
        assertThat(play.disconnects(1).exits(1, 0).wanted()).isEmpty();
        assertThat(play.isProved(4).settles().deeds())
                .containsExactly("disconnect 2", "say reloaded 2 workers, pids 103 104");
        assertThat(play.disconnects(2).exits(2, 0).deeds()).isEmpty();
    }

    @Test
    void givenAReload_whenTheNewOneDies_thenTheOldOnesStay() {
        Play play = Play.ofTwoThatServe().asks(RELOAD).exits(3, 1);

        assertThat(play.deeds())
                .endsWith(
                        "say reload failed: worker 3 (pid 103) died: exit code 1; the old workers"
                                + " serve on");
    }

    @Test
    void givenAReload_whenTheNewOneDoesNotListenInTime_thenItLeavesAndTheOldOnesStay() {
        Play play = Play.ofTwoThatServe().asks(RELOAD).timesOut(3, WorkerState.TRIAL);
        assertThat(play.deeds())
                .endsWith(
                        "say reload failed: worker 3 (pid 103) does not listen on *:80 within 60 s;"
                                + " the old workers serve on",
                        "disconnect 3");

        assertThat(play.isKilled(3).deeds()).isEmpty();
        assertThat(play.asks(RELOAD).deeds()).contains("fork 4 slot 0");
    }

    @Test
    void givenAReload_whenAskedAgainTwice_thenThereIsOneMoreAfterwards() {
        Play play = Play.ofTwoThatServe().asks(RELOAD).asks(RELOAD).asks(RELOAD);
        play.isProved(3).deeds();

        assertThat(play.isProved(4).deeds())
                .containsExactly(
                        "disconnect 2",
                        "say reloaded 2 workers, pids 103 104",
                        "say reloading 2 workers",
                        "fork 5 slot 0");
        play.isProved(5);
        assertThat(play.isProved(6).deeds()).endsWith("say reloaded 2 workers, pids 105 106");
    }

    @Test
    void givenAReload_whenTheOldOneDies_thenAnotherTakesItsPlaceUntilTheNewOneIsProved() {
        Play play = Play.ofTwoThatServe().asks(RELOAD).isKilled(1);
        assertThat(play.deeds())
                .endsWith(
                        "say worker 1 (pid 101) died: SIGKILL; starting another", "fork 4 slot 0");

        assertThat(play.isProved(3).deeds()).containsExactly("SIGTERM 4", "fork 5 slot 1");
    }

    @Test
    void givenAReload_whenOneThatWasProvedDies_thenItFails() {
        Play play = Play.ofTwoThatServe().asks(RELOAD).isProved(3);
        play.deeds();

        assertThat(play.exits(3, 1).deeds())
                .containsExactly(
                        "say worker 3 (pid 103) died: exit code 1; starting another",
                        "fork 5 slot 0",
                        "SIGTERM 4",
                        "say reload failed: worker 3 (pid 103) died: exit code 1; the old workers"
                                + " serve on");
    }

    @Test
    void givenWorkersThatNeverListen_whenReloaded_thenAnOldOneGoesWhenTheNewOneHasRunForAWhile() {
        Play play = new Play().start(1).online(1).timesOut(1, WorkerState.STARTING);
        play.asks(RELOAD).wanted();

        assertThat(play.online(2).wanted())
                .containsExactly("timer 2 TRIAL 60 s", "timer 2 PROBATION 10 s");
        assertThat(play.timesOut(2, WorkerState.PROBATION).deeds())
                .containsExactly("disconnect 1", "say reloaded 1 worker, pid 102");
    }

    @Test
    void givenAWorkerIsAwaited_whenReloaded_thenItsNewcomerIsStartedAtOnce() {
        Play play = Play.ofTwoThatServe().isKilled(1).isKilled(3).isKilled(4);
        play.deeds();

        assertThat(play.asks(RELOAD).deeds())
                .containsExactly("say reloading 2 workers", "fork 6 slot 0", "fork 7 slot 1");
        assertThat(play.timesOut(5, WorkerState.WAITING).deeds()).isEmpty();
    }

    // More and fewer.

    @Test
    void givenTwoWorkers_whenScaled_thenAsManyComeOrLeaveAndOneStays() {
        Play play = Play.ofTwoThatServe();

        assertThat(play.tell(new Event.Scaled(4)).wanted())
                .contains("fork 3 slot 2", "fork 4 slot 3");
        assertThat(
                        play.listens(3, "*:80")
                                .listens(4, "*:80")
                                .settles()
                                .tell(new Event.Scaled(1))
                                .deeds())
                .contains("disconnect 4", "disconnect 3", "disconnect 2")
                .doesNotContain("disconnect 1");
        assertThat(play.tell(new Event.Scaled(1)).deeds()).isEmpty();
    }

    @Test
    void givenTwoWorkers_whenOneMoreIsWanted_thenItTakesTheNextSlot() {
        Play play = Play.ofTwoThatServe().asks(ONE_MORE);

        assertThat(play.listens(3, "*:80").settles().deeds())
                .containsExactly(
                        "say one worker more: 3",
                        "fork 3 slot 2",
                        "say serving *:80 with 3 workers, pids 101 102 103");
    }

    @Test
    void givenTwoWorkers_whenTwoFewerAreWanted_thenTheNewestGoesAndOneStays() {
        Play play = Play.ofTwoThatServe().asks(ONE_FEWER).asks(ONE_FEWER).settles();

        assertThat(play.deeds())
                .containsExactly(
                        "say one worker fewer: 1",
                        "disconnect 2",
                        "say serving *:80 with 1 worker, pid 101");
        assertThat(play.exits(2, 0).deeds()).isEmpty();
    }

    @Test
    void givenAReload_whenOneFewerIsWanted_thenItIsNotTheOneThatIsBeingReplaced() {
        Play play = Play.ofTwoThatServe().asks(RELOAD).isProved(3);
        play.deeds();

        assertThat(play.asks(ONE_FEWER).deeds()).contains("disconnect 3");
    }

    // The end.

    @Test
    void givenTwoWorkers_whenStopped_thenItEndsWithZeroOnceBothHaveEnded() {
        Play play = Play.ofTwoThatServe().asks(STOP);
        assertThat(play.deeds())
                .containsExactly("say stopping 2 workers", "disconnect 1", "disconnect 2");

        assertThat(play.exits(1, 0).deeds()).isEmpty();
        assertThat(play.exits(2, 0).deeds()).containsExactly("say stopped", "end 0");
    }

    @Test
    void givenTwoWorkers_whenInterruptedTwice_thenTheyAreKilledAndItEndsWith130() {
        Play play = Play.ofTwoThatServe().asks(INTERRUPT);
        play.deeds();

        assertThat(play.asks(STOP).deeds()).containsExactly("SIGKILL 1", "SIGKILL 2");
        assertThat(play.isKilled(1).isKilled(2).deeds()).containsExactly("say stopped", "end 130");
    }

    @Test
    void givenWorkersOfAllKinds_whenStopped_thenEachEndsInItsWay() {
        Play play = Play.ofTwoThatServe().asks(ONE_MORE).isKilled(1).isKilled(4).asks(RELOAD);
        play.deeds();

        // 2 listens, 3 and 5 do not yet, 6 is tried in place of 2.
        assertThat(play.asks(STOP).deeds())
                .containsExactly(
                        "say stopping 4 workers",
                        "disconnect 2",
                        "SIGTERM 3",
                        "SIGTERM 5",
                        "SIGTERM 6");
    }

    @Test
    void givenAWorkerThatDoesNotLeave_whenStopped_thenItGetsTheOneSignalAndThenTheOther() {
        Play play = Play.ofTwoThatServe().asks(STOP);
        play.deeds();

        assertThat(play.timesOut(1, WorkerState.DRAINING).deeds())
                .containsExactly(
                        "say worker 1 (pid 101) still has connections after 20 s: SIGTERM",
                        "SIGTERM 1");
        assertThat(play.timesOut(1, WorkerState.STOPPING).deeds()).isEmpty();
        assertThat(play.isOverdue(1).deeds())
                .containsExactly(
                        "say worker 1 (pid 101) does not end within 30 s: SIGKILL", "SIGKILL 1");
    }

    @Test
    void givenAReloadIsOver_whenTimersOfFormerStatesCome_thenTheyMeanNothing() {
        Play play = Play.ofTwoThatServe();

        play.timesOut(1, WorkerState.STARTING).timesOut(2, WorkerState.TRIAL).settles();

        assertThat(play.wanted()).isEmpty();
    }
}
