package dev.prefork.it.fire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

class LossesTest {
    private static final int PID = Math.toIntExact(ProcessHandle.current().pid());

    @TempDir Path folder;

    private final Tally tally = new Tally();

    private void lost(Outcome outcome, boolean isKept, int port) {
        tally.add(new Asked(outcome, isKept, 0, 1, port, 0, ""));
    }

    @Test
    void aResetIsExplainedOnceByAConnectionThatTheKilledHad() throws IOException {
        InHand.open(folder).take(4711);
        lost(Outcome.RESET, true, 4711);
        lost(Outcome.RESET, true, 4711);

        Losses losses = Losses.of(tally, folder, List.of(PID));

        assertThat(losses.inHand()).isEqualTo(1);
        assertThat(losses.others()).hasSize(1);
    }

    @Test
    void whatWasReleasedIsNotInHand() throws IOException {
        InHand inHand = InHand.open(folder);
        inHand.take(4711);
        inHand.release(4711);
        lost(Outcome.RESET, true, 4711);

        assertThat(Losses.of(tally, folder, List.of(PID)).isNothingElse()).isFalse();
    }

    @Test
    void oneNewConnectionMayBeAtTheDoorOfEachKilled() throws IOException {
        lost(Outcome.RESET, false, 1);
        lost(Outcome.RESET, false, 2);

        Losses losses = Losses.of(tally, folder, List.of(PID));

        assertThat(losses.atTheDoor()).isEqualTo(1);
        assertThat(losses.others()).hasSize(1);
    }

    @Test
    void refusedAndHungOnesAreNeverExplained() throws IOException {
        InHand.open(folder).take(4711);
        lost(Outcome.HUNG, true, 4711);
        lost(Outcome.REFUSED, false, 0);

        assertThat(Losses.of(tally, folder, List.of(PID)).others()).hasSize(2);
        assertThat(Losses.of(tally, folder, List.of(PID)))
                .hasToString("new: 1 refused of 1; kept: 1 hung of 1");
    }
}
