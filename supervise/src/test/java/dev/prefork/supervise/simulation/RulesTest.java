package dev.prefork.supervise.simulation;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.prefork.supervise.Action;
import dev.prefork.supervise.End;
import dev.prefork.supervise.Event;
import dev.prefork.supervise.Notice;
import dev.prefork.supervise.WorkerState;
import dev.prefork.supervise.simulation.Step.Kind;

import org.junit.jupiter.api.Test;

import java.util.List;

/** A supervisor that does not keep the rules is caught. */
class RulesTest {
    private final World world = new World(2, 1);

    /** Two that serve. */
    private World serving() {
        world.processes.values().stream().toList().forEach(world::isOnline);
        world.processes.values().stream()
                .toList()
                .forEach(one -> world.listens(one, World.ADDRESSES.getFirst()));
        world.rules.check();
        return world;
    }

    private static void assertBroken(String rule, World world, Action action) {
        assertThatThrownBy(() -> world.rules.wanted(action))
                .isInstanceOf(BrokenRule.class)
                .hasMessageContaining(rule);
    }

    @Test
    void givenOneThatServesAlone_whenItIsAskedToGo_thenARuleIsBroken() {
        assertBroken("nobody does what it does", serving(), new Action.Disconnect(1));
        assertBroken("nobody does what it does", serving(), new Action.Signal(1, "SIGTERM"));
    }

    @Test
    void givenNoReload_whenOneOfAnotherGenerationIsForked_thenARuleIsBroken() {
        assertBroken("generation 1", world, new Action.Fork(9, 0, 2));
    }

    @Test
    void givenAReloadThatFailed_whenOneOfItIsForked_thenARuleIsBroken() {
        world.asked(Event.Request.RELOAD);
        world.take(new Step(Kind.IS_KILLED, 2));

        assertBroken("generation 1", world, new Action.Fork(9, 0, 2));
    }

    @Test
    void givenWorkers_whenItEnds_thenARuleIsBroken() {
        assertBroken("nobody lives after the end", world, new Action.End(0));
    }

    @Test
    void givenANumberThatWasUsed_whenItIsForkedAgain_thenARuleIsBroken() {
        assertBroken("no number is used twice", world, new Action.Fork(1, 0, 1));
    }

    @Test
    void givenNoReload_whenItIsToldThatOneSucceeded_thenARuleIsBroken() {
        assertBroken("what ends has begun", world, new Action.Tell(new Notice.Reloaded(List.of())));
    }

    @Test
    void givenAPortThatOneSlotKeeps_whenThatIsClosedForOneFewer_thenARuleIsBroken() {
        serving().listens(world.processes.get(1), "*:81");
        world.rules.check();
        world.rules.wanted(new Action.Tell(new Notice.OneFewer(1)));

        assertBroken("1 ports with it", world, new Action.CloseSlot(0));
    }

    @Test
    void givenOneThatServes_whenItsSlotIsClosedAsIfItsWorkWereDone_thenARuleIsBroken() {
        assertBroken("work is never done", serving(), new Action.CloseSlot(0));
    }

    /** Its time to listen is over, and that of its slot's ports is not. */
    @Test
    void givenOneThatStillStartsWhereAnotherListened_whenItsSlotSettles_thenARuleIsBroken() {
        serving().take(new Step(Kind.IS_KILLED, 0));
        world.processes.get(3).state = WorkerState.READY;

        assertBroken("may still begin", world, new Action.SettleSlot(0));
    }

    @Test
    void givenASettledSlot_whenWhatAFailedNewcomerOpenedIsNotClosed_thenARuleIsBroken() {
        serving().rules.wanted(new Action.SettleSlot(0));
        world.asked(Event.Request.RELOAD);
        world.isOnline(world.processes.get(3));
        world.listens(world.processes.get(3), "*:82");
        world.ends(world.processes.get(3), new End.Code(1));

        assertThatThrownBy(world.rules::check)
                .isInstanceOf(BrokenRule.class)
                .hasMessageContaining("for nobody");
    }

    @Test
    void givenNobodyNewThatIsReady_whenItIsToldThatAReloadSucceeded_thenARuleIsBroken() {
        serving().asked(Event.Request.RELOAD);

        assertBroken("nobody new", world, new Action.Tell(new Notice.Reloaded(List.of())));
    }

    @Test
    void givenAProcessThatTheSupervisorHasNotHeardOf_thenARuleIsBroken() {
        world.processes.put(9, new SimulatedProcess(new Action.Fork(9, 0, 1)));

        assertThatThrownBy(world.rules::check)
                .isInstanceOf(BrokenRule.class)
                .hasMessageContaining("2 processes are known");
    }

    @Test
    void givenAProcessThatIsGoneUnheard_thenARuleIsBroken() {
        world.processes.remove(1);

        assertThatThrownBy(world.rules::check)
                .isInstanceOf(BrokenRule.class)
                .hasMessageContaining("has a process if it lives");
    }
}
