package dev.prefork.it.fire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.prefork.it.support.Programs;
import dev.prefork.it.support.Rule;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Random faults under load, by a seed, to real processes: afterwards the workers are there that
 * were asked for, nothing has leaked, and every request was answered or in the hand of a worker
 * that was killed. -Dprefork.storm=3600 makes it an hour, in rounds of a minute with a prefork
 * each; -Dprefork.seed is that of the first round, and the next round's is one more. What workers
 * print goes to a full disk in rounds of odd seeds, else to a pipe that is read slowly.
 * -Dprefork.storm.policy is the policy, rr unless said.
 */
@Rule({"F4", "F5", "F6", "F7", "F8", "F9", "F11"})
class StormIT {
    private static final int SECONDS = Integer.getInteger("prefork.storm", 5);
    private static final int ROUND_SECONDS = 60;
    private static final long SEED = Long.getLong("prefork.seed", 1);

    /** More than these are worth a look: most rounds have one or two. */
    private static final int MANY_AT_THE_DOOR = 10;

    private static final String POLICY = System.getProperty("prefork.storm.policy", "rr");
    private static final int CLIENTS = 4;

    /** A slot that is given up keeps its socket until another takes it. */
    private static final int KEPT = POLICY.equals("reuseport") ? Storm.MOST - Storm.WORKERS : 0;

    @RegisterExtension final Programs programs = new Programs();
    @TempDir Path folder;

    @Test
    @Timeout(value = 3, unit = TimeUnit.HOURS)
    void afterAStormTheAccountsBalance() throws Exception {
        int left = SECONDS;
        for (long seed = SEED; left > 0; seed++) {
            int seconds = Math.min(left, ROUND_SECONDS);
            round(seed, Duration.ofSeconds(seconds));
            left -= seconds;
        }
    }

    private void round(long seed, Duration time) throws Exception {
        Path place = Files.createDirectory(folder.resolve("" + seed));
        Stage stage = new Stage(programs, place, new PreforkPeer(), Storm.WORKERS);
        try (StormOutput output =
                seed % 2 == 0 ? StormOutput.pipe(place) : StormOutput.fullDisk()) {
            round(seed, time, stage, output);
        }
    }

    private static void round(long seed, Duration time, Stage stage, StormOutput output)
            throws Exception {
        String how = "seed %d, %d s".formatted(seed, time.toSeconds());
        List<String> redirected =
                List.of("sh", "-c", "exec \"$@\" >\"$0\"", output.target().toString());
        try (PreforkPeer.Running fleet =
                PreforkPeer.chattering(stage, redirected, List.of("--policy", POLICY))) {
            fleet.awaitWhole();
            int before = Storm.descriptors(fleet);
            try (Load load = Load.on(fleet.port(), CLIENTS, CLIENTS)) {
                load.tally().awaitAnswers(20);
                Storm storm = new Storm(fleet, output, load, seed);
                storm.rage(time);
                storm.calm();
                StormAccounts accounts = storm.accounts(stage);
                System.out.println("storm, " + how + ": " + accounts);
                if (accounts.losses().atTheDoor() > MANY_AT_THE_DOOR) {
                    System.out.println(accounts.historyOfTheDoor());
                }

                assertThat(accounts.history()).as("%s: %s", how, accounts).isEmpty();
            }
            Storm.assertNothingLeaked(fleet, before + KEPT);
            fleet.stop();
            assertThat(fleet.program().awaitEnd()).as(how).isZero();
            assertThat(fleet.left()).as(how).isEmpty();
            assertThat(fleet.program().lines()).as(how).endsWith("prefork: stopped");
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("storm, " + how + ": " + e.getMessage(), e);
        }
    }
}
