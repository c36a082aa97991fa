package dev.prefork.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

/** Who is replaced of those that end by themselves. */
class RestartTest {
    @ParameterizedTest
    @CsvSource({
        // policy, code, has listened, is replaced
        "UNLESS_DONE, 0, false, false",
        "UNLESS_DONE, 0, true, true",
        "UNLESS_DONE, 1, false, true",
        "UNLESS_DONE, 1, true, true",
        "ALWAYS, 0, false, true",
        "ALWAYS, 0, true, true",
        "ALWAYS, 1, false, true",
        "ON_FAILURE, 0, false, false",
        "ON_FAILURE, 0, true, false",
        "ON_FAILURE, 1, true, true",
        "NEVER, 0, true, false",
        "NEVER, 1, false, false",
        "NEVER, 1, true, false"
    })
    void givenAPolicy_whenAWorkerEnds_thenItIsReplacedOrNot(
            Restart policy, int code, boolean hasListened, boolean isReplaced) {
        Told told = Told.by(policy).start(2);
        if (hasListened) {
            var _ = told.listens(1, "*:80");
        }
        var _ = told.take(Action.class);

        var _ = told.exits(1, code);

        List<Action> wanted = told.take(Action.class);
        assertThat(wanted.stream().filter(Action.Fork.class::isInstance).count())
                .isEqualTo(isReplaced ? 1 : 0);
        assertThat(wanted.stream().filter(Action.CloseSlot.class::isInstance).count())
                .isEqualTo(isReplaced ? 0 : 1);
        assertThat(told.status().desired()).isEqualTo(isReplaced ? 2 : 1);
    }

    @Test
    void givenThatNobodyIsReplaced_whenTheLastHasEnded_thenTheEndSaysWhetherOneFailed() {
        Told failed = Told.by(Restart.NEVER).start(2).listens(1, "*:80").isKilled(1);
        assertThat(failed.takeNotices())
                .contains(new Notice.WorkerFinished(new Who(0, 1, 101), killed(), true));
        assertThat(failed.exits(2, 0).take(Action.End.class)).containsExactly(new Action.End(1));

        Told done = Told.by(Restart.NEVER).start(2).exits(1, 0);
        assertThat(done.take(Action.End.class)).isEmpty();
        assertThat(done.exits(2, 0).take(Action.End.class)).containsExactly(new Action.End(0));
    }

    @Test
    void givenThatNobodyIsReplaced_whenOneCannotBeStarted_thenThatIsTheEndOfIt() {
        Told told = Told.by(Restart.NEVER).start(1);

        var _ = told.on(1, new WorkerEvent.NotForked("no memory"));

        assertThat(told.take(Action.End.class)).containsExactly(new Action.End(1));
    }

    /** Five that end at once are a program that does not work, whatever they say. */
    @Test
    void givenThatAllAreReplaced_whenNoneEverServes_thenItIsGivenUp() {
        Told told = Told.by(Restart.ALWAYS).start(1);
        for (int worker = 1; worker <= Hope.GIVE_UP_AFTER; worker++) {
            var _ = told.timesOut(worker, WorkerState.WAITING).exits(worker, 0);
        }

        assertThat(told.take(Action.End.class)).containsExactly(new Action.End(1));
    }

    private static End killed() {
        return new End.Signal("SIGKILL");
    }
}
